/**
 * Every sentence that people read, in one place. A language is one object of the type {@link Strings}; plurals and lists go
 * through `Intl`. Nothing here depends on the browser.
 * @module
 */

/** Language of the strings, for `lang`. */
export const LANGUAGE = "en";
/** Locale of dates, numbers, plurals and lists. */
export const LOCALE = "en-GB";

const numbers = new Intl.NumberFormat(LOCALE);
const plurals = new Intl.PluralRules(LOCALE);
const list = new Intl.ListFormat(LOCALE, { type: "conjunction" });

function counted(count: number, one: string, other: string): string {
  return `${numbers.format(count)} ${plurals.select(count) === "one" ? one : other}`;
}

/** A name whose direction does not reach the words around it. */
function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

const english = {
  place: "Hubbub",
  number: (count: number) => numbers.format(count),

  landing: {
    title: "Hubbub: open the page and talk",
    about: "Rooms to talk in, on a server of your own.",
    here: (count: number) =>
      count === 0 ? "Nobody is here yet: be the first." : `${counted(count, "person is", "people are")} here now.`,
    rooms: "Open rooms",
    nothingSaid: "Nothing said yet",
    online: (count: number) => `${counted(count, "person", "people")} here`,
    empty: "There is no room yet.",
    more: "All rooms",
    closed: "This place is for people with an account.",
  },

  join: {
    title: "Join",
    label: "What shall we call you?",
    placeholder: "Your name",
    button: "Join as guest",
    note: "No account needed. Your name stays with this browser.",
    /** Around the links to sign in and to make an account. */
    noAccount: "No account needed.",
    or: "or",
    makeAccount: "make an account",
    keep: "to keep your name.",
    toWrite: "Join to write here",
    rename: "Change your name",
    renameButton: "Use this name",
    renameNote: "What you wrote under your old name keeps it, and can no longer be edited or deleted.",
    cancel: "Cancel",
  },

  rooms: {
    navigation: "Rooms",
    heading: "Rooms",
    new: "New room",
    back: "All rooms",
    pick: "Pick a room on the left, or make a new one.",
    archived: "archived",
    deleteNamed: (name: string) => `Delete ${name}`,
    none: "There is no room yet. Make the first.",
    direct: "Direct messages",
    private: "private",
    unread: (count: number) => counted(count, "unread message", "unread messages"),
    mentions: (count: number) => counted(count, "mention", "mentions"),
  },

  me: {
    signIn: "Sign in",
    signOut: "Sign out",
    settings: "Your settings",
    people: "People",
    profile: "Your profile",
  },

  signIn: {
    title: "Sign in",
    name: "Name",
    password: "Password",
    button: "Sign in",
    noAccount: "No account yet?",
    register: "Make one",
    already: (name: string) => `You are signed in as ${isolated(name)}.`,
    goOn: "Go on",
  },

  register: {
    title: "Make an account",
    nameHint: "Up to 20 letters and digits, _ - . and single spaces.",
    passwordHint: "At least 8 characters. A few words together are easy to remember.",
    email: "E-mail",
    button: "Make account",
    have: "You have an account?",
  },

  account: {
    title: "Your settings",
    tabs: "Parts of the settings",
    profile: "Profile",
    picture: "Picture",
    appearance: "Appearance",
    password: "Password",
    sessions: "Sessions",
    tokens: "Tokens",
    data: "Your data",
    back: "Back to the rooms",
    save: "Save",
    saved: "Saved.",
    about: "About you",
    aboutHint: "Up to 300 characters, for everybody to read.",
    email: "E-mail",
    emailHint: "Only you can see it.",
    yourPage: "See your page as others see it",
    pictureField: "A picture: PNG, JPEG, GIF or WebP, at most 512 KiB",
    pictureNow: "Your picture now",
    upload: "Use this picture",
    noPicture: "Choose a picture first.",
    removePicture: "Remove the picture",
    theme: "Theme",
    themes: { dark: "Dark", light: "Light", violet: "Violet", contrast: "High contrast" },
    oldPassword: "Password until now",
    newPassword: "New password",
    changePassword: "Change password",
    passwordNote: "All your other sessions end, and you sign in there with the new one. Tokens end too.",
    passwordChanged: "Your password is changed.",
    sessionsNote: "Where you are signed in. End what you do not know.",
    thisOne: "this one",
    signedIn: (time: string) => `Signed in ${time}`,
    lastUsed: (time: string) => `last used ${time}`,
    end: "End",
    endNamed: (label: string) => `End ${label}`,
    endOthers: "End all others",
    ended: "Ended.",
    on: (browser: string, system: string) => `${browser} on ${system}`,
    tokensNote: "A token lets a program act for you, without your password.",
    noTokens: "You have no token yet.",
    tokenLabel: "What is it for?",
    tokenScopes: "What may it do?",
    scopes: {
      read: "Read rooms and messages",
      write: "Post, edit and react",
      rooms: "Make, change and join rooms",
      account: "Change your account",
    },
    noScope: "Tick at least one thing that the token may do.",
    tokenExpiry: "For how long?",
    expiries: { "30": "30 days", "90": "90 days", "365": "A year", never: "Until you end it" },
    makeToken: "Make token",
    secret: "Your new token",
    secretNote: "Copy it now: it is shown this once.",
    made: (time: string) => `Made ${time}`,
    until: (time: string) => `until ${time}`,
    scopesAre: (names: readonly string[]) => list.format(names),
    everything: "everything",
    export: "Export your data",
    exportNote: "Your account, your rooms and what you said, as JSON Lines.",
    exportLink: "Download",
    erase: "Delete your account",
    eraseNote: "You are signed out everywhere, and your name is free again. This cannot be undone.",
    eraseMessages: "Delete my messages too",
    eraseButton: "Delete my account",
    erased: "Your account is deleted.",
  },

  people: {
    title: "People",
    find: "Find somebody",
    search: "Search",
    accounts: "With an account",
    guests: "Guests who are here now",
    none: "Nobody is called that.",
    everybody: "Show everybody",
    more: "More people",
    here: "here",
    away: "away",
    gone: "not here",
    admin: "admin",
    disabled: "disabled",
    since: (time: string) => `Member since ${time}`,
    message: "Message",
    signInToWrite: (name: string) => `Sign in to write to ${isolated(name)}`,
    thisIsYou: "This is your page.",
    nothingSaid: "Nothing said about themselves yet.",
    back: "All people",
    manage: "As an admin",
    disable: "Disable this account",
    enable: "Let this account in again",
    appoint: "Make an admin",
    dismiss: "No longer an admin",
    lockOut: "Ask another admin for that: you would lock yourself out.",
    nobodyCalled: (names: readonly string[]) => `Nobody here is called ${list.format(names.map(isolated))}.`,
  },

  members: {
    tab: "Members",
    roles: { owner: "owner", moderator: "moderator", member: "member", banned: "banned" },
    none: "Nobody is a member yet. Everybody may come to this room all the same.",
    change: "Change",
    roleOf: (name: string) => `Role of ${isolated(name)}`,
    changeNamed: (name: string) => `Change the role of ${name}`,
    remove: "remove from the room",
    unban: "lift the ban",
    add: "Add somebody",
    name: "Name",
    as: "As",
    addButton: "Add",
    saved: "Saved.",
    leave: "Leave this room",
    leaveNote: "You can come back when somebody invites you.",
    leavePublicNote: "You can come back whenever you like.",
    lastOne: "You are the last one here: when you go, nobody can come back.",
    lastOneLink: "Delete the room instead",
  },

  invites: {
    tab: "Invitations",
    title: "Links that let people into this room",
    none: "There is no link yet.",
    lifetime: "Good for",
    lifetimes: { never: "Until you end it", day: "1 day", week: "7 days" },
    uses: "For",
    usesOf: { any: "Any number of people", "1": "1 person", "10": "10 people" },
    make: "Make a link",
    link: "Link",
    by: (name: string) => `by ${isolated(name)}`,
    until: (time: string) => `until ${time}`,
    left: (count: number) => `for ${counted(count, "more person", "more people")}`,
    qr: "QR code",
    revoke: "Revoke",
    revoked: "The link lets nobody in any more.",
    forAccounts: "Sign in to invite people to this room.",
  },

  invitation: {
    title: (room: string) => `Join ${isolated(room)}`,
    by: (name: string, room: string) => `${isolated(name)} invites you to ${isolated(room)}.`,
    join: "Join",
    signInFirst: "You need an account for that.",
    gone: "This invitation is over",
  },

  newRoom: {
    title: "New room",
    name: "Name",
    nameHint: "Up to 60 characters: “kitchen-rota”, “trip to Łódź”.",
    description: "What is it for?",
    optional: "optional",
    create: "Create room",
    cancel: "Cancel",
    kind: "Who may come?",
    public: "Everybody",
    private: "Only who is invited",
    people: "Who else is in it from the start?",
    peopleHint: "Names of people with an account, with commas between.",
  },

  settings: {
    title: (room: string) => `Settings of ${isolated(room)}`,
    link: "Room settings",
    tabs: "Parts of the room's settings",
    tab: "General",
    save: "Save",
    saved: "Saved.",
    back: "Back to the room",
    remove: "Delete this room",
    removeWarning: "Its messages go with it, for everybody. This cannot be undone.",
    removeType: (room: string) => `Type “${isolated(room)}” to delete it`,
    removeButton: "Delete room",
    removeMismatch: (room: string) => `That is not its name. To delete the room, type “${isolated(room)}”.`,
    general: "This room is always there: it can be neither changed nor deleted.",
    direct: "A direct conversation belongs to both of you: there is nothing to set.",
    notYours: "Only who owns or moderates this room may change it.",
  },

  room: {
    start: (name: string) => `This is the beginning of ${name}.`,
    startDirect: (name: string) => `This is the beginning of what you and ${name} say to each other.`,
    empty: "Nothing here yet.",
    emptyButton: "Say hello",
    older: "Older messages",
    newer: "Newer messages",
    latest: "Go to the newest messages",
    loading: "Loading messages…",
    loadFailed: "These messages could not be loaded.",
    messages: "Messages",
    newMessages: (count: number) => counted(count, "new message", "new messages"),
    deleted: "This room was deleted, and its messages with it.",
    gone: "This room is gone: it was deleted, or you are no longer in it.",
    deletedLink: "Go to another room",
    archived: "This room is archived: it can be read, not written to.",
    here: (count: number) => `Here — ${numbers.format(count)}`,
    away: (count: number) => `Away — ${numbers.format(count)}`,
    people: "People",
    closePeople: "Close the list of people",
    pageTitle: (name: string) => `${name} – Hubbub`,
    countedTitle: (name: string, unseen: number) =>
      unseen === 0 ? `${name} – Hubbub` : `(${numbers.format(unseen)}) ${name} – Hubbub`,
    nobody: "Nobody is here right now.",
    you: "you",
  },

  message: {
    edited: "edited",
    editedAt: (time: string) => `Edited ${time}`,
    at: (time: string) => `Message of ${time}`,
    by: (name: string) => `Message by ${name}`,
    tools: "Message actions",
    react: (emoji: string) => `React with ${emoji}`,
    reacted: (emoji: string, count: number, names: readonly string[]) => {
      const others = count - names.length;
      const who = others > 0 ? [...names, counted(others, "other", "others")] : names;
      return `${emoji} ${numbers.format(count)}: ${list.format(who)}`;
    },
    edit: "Edit",
    delete: "Delete",
    copyLink: "Copy link",
    copied: "Link copied.",
    save: "Save",
    cancel: "Cancel",
    editLabel: "Edit message",
    editHint: "Enter saves, Esc cancels",
    removed: "Message deleted",
    undo: "Undo",
    waiting: "waiting for the network",
    retry: "Send again",
    discard: "Discard",
    announce: (name: string, text: string) => `${name}: ${text}`,
  },

  composer: {
    label: (room: string) => `Message ${room}`,
    placeholder: (room: string) => `Message #${isolated(room)}`,
    placeholderDirect: (name: string) => `Message ${isolated(name)}`,
    send: "Send",
    refused: "What you wrote",
    waiting: (count: number) => `${numbers.format(count)} waiting for the network`,
    tooLong: (over: number) => `${counted(over, "character", "characters")} too long`,
    /** What follows the names of those who type. */
    typing: (count: number) => plurals.select(count) === "one" ? "is typing" : "are typing",
    several: "Several people are typing",
  },

  connection: {
    live: "Connected",
    connecting: "Connecting…",
    reconnecting: (seconds: number) => `Reconnecting in ${numbers.format(seconds)} s`,
    offline: "Offline",
    tryNow: "Try now",
    refused: "The server closed the connection.",
  },

  docs: {
    api: "The API of Hubbub",
    sockets: "The sockets of Hubbub",
    protocols: "Protocols",
    shared: "In all of them",
    closes: "Close codes",
    query: "In the address",
    order: "In which order",
    fromClient: "What a client sends",
    fromServer: "What the server sends",
    optional: "optional",
    example: (frame: string) => `An example of ${frame}`,
  },

  error: {
    title: (status: number) =>
      status === 404 ? "Nothing here" : status === 403 ? "Not allowed" : "Something went wrong",
    notFound: "There is nothing at this address. It may have been deleted, or never was.",
    unexpected: "The server could not do that. Nothing was lost; try again in a moment.",
    home: "Go to the front door",
    signIn: "If it is in a private room of yours, sign in to see it.",
    network: "The server cannot be reached. Check your connection and try again.",
    dismiss: "Dismiss",
  },

  /** The title of a page that is a part of another. */
  partTitle: (part: string, whole: string) => `${part} – ${whole}`,
  skip: "Skip to the messages",
  listed: (parts: readonly string[]) => list.formatToParts(parts),
};

/** The shape of a language. */
export type Strings = typeof english;

/** The strings of the language in use. */
export const t: Strings = english;
