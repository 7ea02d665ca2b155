// Package directory reads Active Directory over LDAP: it finds the object that
// somebody means, and reads the account state that password hash
// synchronization depends on. It never writes.
//
// A [Forest] is one AD forest: its domains are searched side by side, each over
// a few pooled connections to whichever of its domain controllers answers. Every
// call ends with its context. A connection that died is replaced once, unnoticed;
// a password that a domain controller refused is not tried again for a while,
// because trying is what locks accounts.
//
// Attributes stand in AD's own encodings (FILETIME, generalized time, GUID
// bytes, replication metadata as XML). They are decoded here and nowhere else.
// An attribute that is absent is empty in AD; one that cannot be read, or an
// entry that the server would not show, is an error. Library errors stop here
// too: no such object matches fs.ErrNotExist, a refusal fs.ErrPermission, and
// the texts are for people.
//
// To add one more attribute of a person: list it in userAttributes (user.go),
// decode it in decodeUser with a method of entry, and add it to the fixture
// entry of the tests.
package directory
