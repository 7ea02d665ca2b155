// Package ad is the lab's Active Directory: an LDAP server for each domain of
// the estate, on loopback, that answers as a domain controller does: bind with
// AD's own sub-codes, the root DSE, searches of every scope with their filters
// evaluated for real, size limits, AD's encodings and error texts.
//
// The main type is [Directory], one per domain. What it serves comes fresh from
// the estate with every search. In front of the LDAP library stands a [door]:
// it holds the listening port, bounds the connections, shuts them when the lab
// ends, and slams in everybody's face while a fault makes the domain
// unreachable.
//
// To add one more attribute, add it to the estate's entries; one that AD only
// hands out when asked by name also goes into constructed in search.go. To add
// one more matching rule, teach it to extensible in filter.go.
package ad
