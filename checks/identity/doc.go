// Package identity is the concierge at the door: it takes what a person typed
// or pasted to say whom they mean, and says what it understood.
//
// A helpdesk agent pastes whatever is at hand: a mail address out of a ticket,
// with the quotation marks of a word processor; a distinguished name out of a
// console; an ImmutableId out of the Entra portal; a mention. [Read] turns the
// text into a [Query]: one reading that is tried first, and Alternatives that
// are tried, in order, when the first finds nobody. The text as it stands
// comes first wherever it can name anybody at all, because a name may really
// hold a typographic apostrophe; the tidied text comes second. Read looks at text only. Whether such a person
// exists is for a directory to say, and [LDAPFilter] is the one place where a
// query becomes a search.
//
// Now and then the clipboard holds something that must not travel: a password,
// a hash, a token. Read refuses it with a [Refusal] that repeats none of it.
//
// When nobody is found, [Nearest] picks the names that look like the one asked
// for. When several are found, [Candidates] bounds how many are shown.
//
// To add one more form of name: add a [Kind], recognize it in classify.go (as a
// strong form if nothing else can look like it, as a weak one otherwise), turn
// it into a search in filter.go, and add a row to the table of TestRead.
package identity
