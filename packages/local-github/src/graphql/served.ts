/** What the server answers of GitHub's GraphQL schema: types with their fields, and scalars. */
export const SERVED: Record<string, string[]> = {
  Query: ['repository'],
  Repository: ['object', 'ref', 'release'],
  Ref: ['name', 'prefix', 'target'],
  GitObject: ['oid'],
  Commit: ['oid', 'file'],
  Tag: ['oid', 'name', 'message', 'tagger', 'target'],
  Tree: ['oid', 'entries'],
  Blob: ['oid', 'byteSize', 'isBinary', 'isTruncated', 'text'],
  TreeEntry: ['name', 'path', 'type', 'oid', 'object'],
  GitActor: ['name', 'email', 'date'],
  Release: ['databaseId', 'tagName', 'name', 'description', 'isDraft', 'url'],
  GitObjectID: [],
  GitTimestamp: [],
  URI: [],
}
