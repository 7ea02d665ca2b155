// Package dn reads and writes the two text forms in which a directory is
// addressed: distinguished names (RFC 4514) and search filters (RFC 4515).
//
// A distinguished name travels through pwsync as a [DN]: parsed once where it
// enters, compared part by part, printed again in one canonical form. Nothing
// here, and nothing that uses it, ever cuts a name at a comma or a space: in
// `CN=Doe\, Jane,OU=Staff,DC=contoso,DC=com` the first comma belongs to the
// person. [Parse] accepts what RFC 4514 allows, the quoted values of its
// predecessors and blanks around separators, and says with a [SyntaxError]
// what is wrong and what to write instead. [Mend] goes one step further and
// recognizes the slips people make when they type or paste a name; its answer
// is a suggestion to show, never something to act on unasked.
//
// Active Directory gives some names a meaning of their own: [DN.Conflict] and
// [DN.Deleted] recognize the marks it leaves, [DN.Domain] and [FromDomain]
// translate between DC= parts and DNS names, and [DN.EntraAnchor] reads the
// names that the Entra connector space gives to its objects.
//
// A search filter is built with [And], [Or], [Not], [Equals] and their
// siblings, which escape every value. There is no way to put raw text into a
// [Filter].
//
// To add one more slip to [Mend]: give it a step in mend.go that records what
// it saw, and a row in the table of TestMendNamesTheSlip. To add one more kind
// of filter item: write a constructor in filter.go that goes through item, and
// let the judge test compile its text.
package dn
