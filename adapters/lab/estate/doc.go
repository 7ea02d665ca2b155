// Package estate is the world that the lab simulates: two forests, their
// people, two Entra Connect servers and a tenant, with everything that can go
// wrong in them.
//
// The main type is [Estate]. It lives on a clock: passwords are read every two
// minutes, heartbeats are sent, people change their passwords. What the servers
// remember of that is never edited by hand. Only two things are recorded, the
// password changes and the times during which a fault was on; histories, event
// logs and the password sync log are worked out from them, step by step. So a
// fault that is switched on can have begun hours ago: the past is worked out
// again with it. So too are two estates that were told the same the same, byte
// for byte. Where the hours that a fault is told of reach back into the time of
// one that is over, the newer story replaces the older one.
//
// Others look at the world through photographs: [Estate.Server] and
// [Estate.Person] for the worker, [Estate.Entries] for the directory,
// [Estate.Rights], [Estate.Ports] and the cloud methods for sources that have
// no adapter of their own yet.
//
// To add one more fault: give the world a field for it in conditions.go, let it
// bite where that part of the world is worked out, and add its row to the
// faults file of its scope; its id is the id of the check that it triggers, with
// a suffix where there are several.
//
// To add one more person: add a row to the table in people.go. To add one more
// thing that can befall a person: add a trait in situation.go, which makes it a
// fault as well, and a healthy victim for it in the table.
package estate
