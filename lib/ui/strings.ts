/**
 * The catalogue of strings. A language is one object of the type {@link Strings}; plurals and lists go through `Intl`.
 * @module
 */
import { capped, counted, isolated, isOne, list, number } from "@/lib/ui/locale.ts";
import { ABOUT_MAX, AVATAR_MAX, PASSWORD_MIN, ROOM_NAME_MAX, USERNAME_MAX } from "@/lib/model/limits.ts";

const english = {
  place: "Hubbub",
  number,

  action: {
    cancel: "Cancel",
    save: "Save",
    saved: "Saved.",
    delete: "Delete",
    revoke: "Revoke",
    signIn: "Sign in",
    signOut: "Sign out",
  },

  field: {
    name: "Name",
    password: "Password",
    email: "Email",
    purpose: "What's it for?",
    optional: "optional",
  },

  landing: {
    title: "Hubbub – group chat on your own server",
    about: "Group chat on your own server.",
    here: (count: number) =>
      count === 0 ? "No one's here yet. Say hello." : `${counted(count, "person is", "people are")} here now.`,
    rooms: "Public rooms",
    noMessages: "No messages yet",
    online: (count: number) => `${counted(count, "person", "people")} here`,
    empty: "No rooms yet.",
    closed: "You need an account to use this server.",
  },

  join: {
    title: "Join",
    label: "What's your name?",
    placeholder: "Your name",
    button: "Join as guest",
    note: "No account needed. This browser will remember your name.",
    /** Around the links to sign in and to create an account. */
    noAccount: "No account needed.",
    or: "or",
    createAccount: "create an account",
    keep: "to keep your name.",
    toWrite: "Join to write here",
    rename: "Change your name",
    renameButton: "Use this name",
    renameNote: "Earlier messages keep your old name, and you won't be able to edit or delete them.",
  },

  rooms: {
    heading: "Rooms",
    new: "New room",
    back: "All rooms",
    pick: "Choose a room, or create one.",
    archived: "archived",
    deleteNamed: (name: string) => `Delete ${name}`,
    none: "No rooms yet. Create the first one.",
    direct: "Direct messages",
    private: "private",
    unread: (count: number) => counted(count, "unread message", "unread messages"),
    badge: capped,
    mentions: (count: number) => count > 99 ? `${capped(count)} mentions` : counted(count, "mention", "mentions"),
  },

  signIn: {
    noAccount: "No account yet?",
    already: (name: string) => `You are signed in as ${isolated(name)}.`,
    goOn: "Continue",
  },

  register: {
    title: "Create account",
    nameHint: `Up to ${USERNAME_MAX} characters: letters, numbers, spaces, _ - .`,
    passwordHint: `At least ${PASSWORD_MIN} characters. A few random words work well.`,
    have: "Already have an account?",
  },

  account: {
    title: "Your settings",
    tabs: "Settings",
    profile: "Profile",
    picture: "Picture",
    appearance: "Appearance",
    sessions: "Sessions",
    tokens: "Tokens",
    data: "Your data",
    back: "Back to rooms",
    about: "About you",
    aboutHint: `Up to ${ABOUT_MAX} characters. Everyone can see this.`,
    emailHint: "Only you can see this.",
    yourPage: "View your public profile",
    pictureField: `PNG, JPEG, GIF or WebP, up to ${AVATAR_MAX / 1024} KB`,
    pictureNow: "Current picture",
    upload: "Upload",
    noPicture: "Choose a picture first.",
    removePicture: "Remove picture",
    theme: "Theme",
    themes: { dark: "Dark", light: "Light", violet: "Violet", contrast: "High contrast" },
    oldPassword: "Current password",
    newPassword: "New password",
    changePassword: "Change password",
    passwordNote: "You'll be signed out everywhere else, and your tokens will stop working.",
    passwordChanged: "Password changed.",
    sessionsNote: "Devices signed in to your account. Sign out any you don't recognise.",
    thisDevice: "this device",
    signedIn: (time: string) => `Signed in ${time}`,
    lastUsed: (time: string) => `last used ${time}`,
    signOutNamed: (label: string) => `Sign out ${label}`,
    signOutOthers: "Sign out all others",
    signedOut: "Signed out.",
    revokeNamed: (label: string) => `Revoke ${label}`,
    revoked: "Token revoked.",
    on: (browser: string, system: string) => `${browser} on ${system}`,
    tokensNote: "Tokens let apps act as you without your password.",
    noTokens: "No tokens yet.",
    tokenScopes: "Permissions",
    scopes: {
      read: "Read rooms and messages",
      write: "Post, edit and react",
      rooms: "Create, edit and join rooms",
      account: "Change your account",
    },
    noScope: "Choose at least one permission.",
    tokenExpiry: "Expires",
    expiries: { "30": "30 days", "90": "90 days", "365": "1 year", never: "Never" },
    createToken: "Create token",
    secret: "Your new token",
    secretNote: "Copy it now. You won't see it again.",
    created: (time: string) => `Created ${time}`,
    expires: (time: string) => `expires ${time}`,
    scopesAre: (names: readonly string[]) => list.format(names),
    everything: "everything",
    export: "Export your data",
    exportNote: "Your account, rooms and messages, as JSON Lines.",
    exportLink: "Download",
    erase: "Delete your account",
    eraseNote: "You'll be signed out everywhere, and others can take your name. This can't be undone.",
    eraseMessages: "Delete my messages too",
    eraseButton: "Delete my account",
    erased: "Your account was deleted.",
  },

  people: {
    yours: "Your profile",
    title: "People",
    find: "Search people",
    search: "Search",
    accounts: "Members",
    guests: "Guests online",
    none: "No one by that name.",
    everyone: "Show everyone",
    more: "More people",
    online: "online",
    away: "away",
    offline: "offline",
    admin: "admin",
    disabled: "disabled",
    since: (time: string) => `Member since ${time}`,
    message: "Message",
    signInToWrite: (name: string) => `Sign in to message ${isolated(name)}`,
    thisIsYou: "This is your profile.",
    noBio: "No bio yet.",
    back: "All people",
    manage: "Admin actions",
    disable: "Disable account",
    enable: "Re-enable account",
    appoint: "Make admin",
    dismiss: "Remove admin",
    nobodyCalled: (names: readonly string[]) => `Can't find ${list.format(names.map(isolated))}.`,
  },

  members: {
    tab: "Members",
    roles: { owner: "owner", moderator: "moderator", member: "member", banned: "banned" },
    none: "No members yet. Anyone can join this room.",
    change: "Change",
    roleOf: (name: string) => `Role of ${isolated(name)}`,
    changeNamed: (name: string) => `Change the role of ${name}`,
    remove: "Remove from room",
    unban: "Unban",
    add: "Add someone",
    role: "Role",
    addButton: "Add",
    leave: "Leave room",
    leaveNote: "You'll need a new invite to come back.",
    leavePublicNote: "You can come back at any time.",
    lastOne: "You're the last member. If you leave, no one can get back in.",
    lastOneLink: "Delete the room instead",
  },

  invites: {
    tab: "Invites",
    title: "Invite links",
    none: "No invite links.",
    lifetime: "Expires",
    lifetimes: { never: "Never", day: "In 1 day", week: "In 7 days" },
    uses: "Uses",
    usesOf: { any: "Unlimited", "1": "1 use", "10": "10 uses" },
    create: "Create link",
    link: "Link",
    by: (name: string) => `Created by ${isolated(name)}`,
    expires: (time: string) => `expires ${time}`,
    left: (count: number) => `${counted(count, "use", "uses")} left`,
    qr: "QR code",
    revoked: "Link revoked.",
    forAccounts: "Sign in to invite people to this room.",
  },

  invitation: {
    title: (room: string) => `Join ${isolated(room)}`,
    by: (name: string, room: string) => `${isolated(name)} invited you to ${isolated(room)}.`,
    signInFirst: "Create an account to join.",
    gone: "This invite has expired",
  },

  newRoom: {
    nameHint: `Up to ${ROOM_NAME_MAX} characters: “kitchen-rota”, “trip to Łódź”.`,
    create: "Create room",
    kind: "Who can join?",
    public: "Anyone",
    private: "Invited people only",
    people: "Add people",
    peopleHint: "Names, separated by commas",
  },

  settings: {
    title: (room: string) => `${isolated(room)} settings`,
    tabs: "Room settings",
    tab: "General",
    back: "Back to room",
    remove: "Delete room",
    removeWarning: "This deletes all messages, for everyone. This can't be undone.",
    removeType: (room: string) => `Type "${isolated(room)}" to delete it`,
    removeMismatch: (room: string) => `That doesn't match. Type "${isolated(room)}".`,
    general: "This room can't be changed or deleted.",
    direct: "No settings for direct messages.",
    notYours: "Only owners and moderators can change this room.",
  },

  room: {
    start: (name: string) => `This is the beginning of ${name}.`,
    startDirect: (name: string) => `Your conversation with ${name} starts here.`,
    empty: "No messages yet.",
    emptyButton: "Say hello",
    older: "Older messages",
    newer: "Newer messages",
    latest: "Jump to latest",
    loading: "Loading messages…",
    loadFailed: "Couldn't load these messages.",
    messages: "Messages",
    newMessages: (count: number) => counted(count, "new message", "new messages"),
    deleted: "This room was deleted.",
    gone: "This room was deleted, or you're no longer a member.",
    deletedLink: "Go to another room",
    archived: "This room is archived and read-only.",
    here: (count: number) => `Online — ${number(count)}`,
    away: (count: number) => `Away — ${number(count)}`,
    closePeople: "Close people list",
    pageTitle: (name: string) => `${name} – Hubbub`,
    countedTitle: (name: string, unseen: number) =>
      unseen === 0 ? `${name} – Hubbub` : `(${number(unseen)}) ${name} – Hubbub`,
    nobody: "No one's here right now.",
    you: "you",
  },

  message: {
    edited: "edited",
    editedAt: (time: string) => `Edited ${time}`,
    at: (time: string) => `Message from ${time}`,
    by: (name: string) => `Message from ${name}`,
    tools: "Message actions",
    react: (emoji: string) => `React with ${emoji}`,
    reacted: (emoji: string, count: number, names: readonly string[]) => {
      const others = count - names.length;
      const who = others > 0 ? [...names, counted(others, "other", "others")] : names;
      return `${emoji} ${number(count)}: ${list.format(who)}`;
    },
    edit: "Edit",
    copyLink: "Copy link",
    copied: "Link copied.",
    editLabel: "Edit message",
    editHint: "Enter saves, Esc cancels",
    removed: "Message deleted",
    undo: "Undo",
    waiting: "Will send when you're back online",
    retry: "Send again",
    discard: "Discard",
    announce: (name: string, text: string) => `${name}: ${text}`,
  },

  composer: {
    label: (room: string) => `Message ${room}`,
    placeholder: (room: string) => `Message #${isolated(room)}`,
    placeholderDirect: (name: string) => `Message ${isolated(name)}`,
    send: "Send",
    refused: "Your message",
    waiting: (count: number) => `${counted(count, "message", "messages")} waiting to send`,
    tooLong: (over: number) => `${counted(over, "character", "characters")} too long`,
    /** After the names of those who are typing. */
    typing: (count: number) => isOne(count) ? "is typing" : "are typing",
    several: "Several people are typing",
  },

  connection: {
    live: "Connected",
    connecting: "Connecting…",
    reconnecting: (seconds: number) => `Reconnecting in ${number(seconds)} s`,
    offline: "Offline",
    tryNow: "Try now",
    refused: "The server closed the connection.",
  },

  docs: {
    api: "Hubbub API",
    sockets: "Hubbub WebSockets",
    protocols: "Protocols",
    shared: "Common to all",
    closes: "Close codes",
    query: "Query parameters",
    order: "Order",
    fromClient: "Client to server",
    fromServer: "Server to client",
    example: (frame: string) => `Example of ${frame}`,
  },

  error: {
    title: (status: number) =>
      status === 404
        ? "Page not found"
        : status === 403
        ? "Not allowed"
        : status < 500
        ? "Something went wrong"
        : "Server error",
    notFound: "It may have been deleted.",
    unexpected: "Something went wrong. Please try again.",
    home: "Go home",
    signIn: "If it's in a private room, sign in to view it.",
    network: "Can't reach the server. Check your connection.",
    dismiss: "Dismiss",
  },

  /** The title of a page that is part of another. */
  partTitle: (part: string, whole: string) => `${part} – ${whole}`,
  skip: "Skip to messages",
  listed: (parts: readonly string[]) => list.formatToParts(parts),
};

/** The shape of a language. */
export type Strings = typeof english;

/** The strings of the language in use. */
export const t: Strings = english;
