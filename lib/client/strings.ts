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

  door: {
    title: "Hubbub: open the page and talk",
    about: "Rooms to talk in, on a server of your own.",
    here: (count: number) =>
      count === 0 ? "Nobody is here yet: be the first." : `${counted(count, "person is", "people are")} here now.`,
    rooms: "Open rooms",
    nothingSaid: "Nothing said yet",
    online: (count: number) => `${counted(count, "person", "people")} here`,
    empty: "There is no room yet.",
  },

  join: {
    title: "Join",
    label: "What shall we call you?",
    placeholder: "Your name",
    button: "Join as guest",
    note: "No account needed. Your name stays with this browser.",
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
  },

  newRoom: {
    title: "New room",
    name: "Name",
    nameHint: "Up to 60 characters: “kitchen-rota”, “trip to Łódź”.",
    description: "What is it for?",
    optional: "optional",
    create: "Create room",
    cancel: "Cancel",
  },

  settings: {
    title: (room: string) => `Settings of ${room}`,
    link: "Room settings",
    save: "Save",
    saved: "Saved.",
    back: "Back to the room",
    remove: "Delete this room",
    removeWarning: "Its messages go with it, for everybody. This cannot be undone.",
    removeType: (room: string) => `Type “${room}” to delete it`,
    removeButton: "Delete room",
    removeMismatch: (room: string) => `That is not its name. To delete the room, type “${room}”.`,
    general: "This room is always there: it can be neither changed nor deleted.",
  },

  room: {
    start: (name: string) => `This is the beginning of ${name}.`,
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
    deletedLink: "Go to another room",
    archived: "This room is archived: it can be read, not written to.",
    here: (count: number) => `Here — ${numbers.format(count)}`,
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
    send: "Send",
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

  error: {
    title: (status: number) =>
      status === 404 ? "Nothing here" : status === 403 ? "Not allowed" : "Something went wrong",
    notFound: "There is nothing at this address. It may have been deleted, or never was.",
    unexpected: "The server could not do that. Nothing was lost; try again in a moment.",
    home: "Go to the front door",
    network: "The server cannot be reached. Check your connection and try again.",
    dismiss: "Dismiss",
  },

  skip: "Skip to the messages",
  listed: (parts: readonly string[]) => list.formatToParts(parts),
};

/** The shape of a language. */
export type Strings = typeof english;

/** The strings of the language in use. */
export const t: Strings = english;
