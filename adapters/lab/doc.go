// Package lab is a whole estate on one machine: Active Directory, two Entra
// Connect servers, a tenant and the people of a chat workspace, so that pwsync
// can be tried, shown and tested with nothing else installed.
//
// The main type is [Lab]. The rest of the program meets it on the wire: the
// worker protocol through [Lab.Servers], LDAP through [Lab.Directories]. Sources
// that have no adapter of their own yet are handed over as they are:
// [Lab.Rights], [Lab.Ports] and the cloud methods fit the ports that consumers
// declare. Everything lives on one clock, see [Lab.Clock], and everything that
// can go wrong is a fault with the id of the check that has to name it, see
// [Lab.SetFaults].
//
// The world itself is package estate; clock, connect and ad are its time, its
// worker and its directory; the chat workspace beside it is package slack.
//
// To add one more fault or person, see package estate. To add one more person
// or channel of the chat workspace, add a row in chat.go.
package lab
