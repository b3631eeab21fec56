/**
 * Lengths and sizes that the server accepts. Forms and schemas take them from here.
 * @module
 */

/** Longest message, in UTF-16 units as `maxlength` counts. */
export const CONTENT_MAX = 4_000;
/** Longest username, in code points. */
export const USERNAME_MAX = 20;
/** Longest room name, in code points. */
export const ROOM_NAME_MAX = 60;
/** Longest room description, in UTF-16 units. */
export const DESCRIPTION_MAX = 500;
/** Longest bio, in UTF-16 units. */
export const ABOUT_MAX = 300;
/** Longest label of an access token, in UTF-16 units. */
export const TOKEN_LABEL_MAX = 100;
/** Longest text of a status, in UTF-16 units. */
export const STATUS_MAX = 100;
/** Shortest password, in code points. */
export const PASSWORD_MIN = 8;
/** Longest password, in code points. */
export const PASSWORD_MAX = 256;
/** Most names that a reaction lists. */
export const REACTION_NAMES = 20;
/** Most distinct emoji on one message: with {@link REACTION_NAMES} names and ids each it stays under a value's 64 KiB. */
export const EMOJI_MAX = 20;
/** Largest avatar, in bytes. */
export const AVATAR_MAX = 512 * 1024;
