import type { FileKind } from './sqlite.ts'

/* The two files that hold what is known of people, and their tables. */

/** Each person has one key for each: withdrawing consent to face data must not destroy a name that a claim needs. */
export type RecordKind = 'identity' | 'biometric'

export const RECORDS_FILE = 'side.db'
export const KEYS_FILE = 'keys.db'

const opening = 'CREATE TABLE opening (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL);'

export const recordsFile: FileKind = {
  // "SHDS"
  applicationId: 0x53484453,
  migrations: [
    `
    CREATE TABLE record (
      person TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('identity', 'biometric')),
      name TEXT NOT NULL,
      sealed BLOB NOT NULL,
      PRIMARY KEY (person, kind, name)
    );
    CREATE TABLE number (digest BLOB PRIMARY KEY, person TEXT NOT NULL);
    CREATE INDEX number_of_person ON number (person);
    ${opening}
    `,
  ],
}

export const keysFile: FileKind = {
  // "SHDK"
  applicationId: 0x5348444b,
  migrations: [
    `
    CREATE TABLE person_key (
      person TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('identity', 'biometric')),
      wrapped BLOB NOT NULL,
      PRIMARY KEY (person, kind)
    );
    ${opening}
    `,
  ],
}
