// Package adsync talks to Microsoft Entra Connect servers.
//
// Each server runs a worker, a small program beside the ADSync module that
// answers one JSON line with another; docs/worker-protocol.md is the contract.
// A [Transport] opens a connection to it, a [Client] keeps up to two of them
// alive and gives every request a deadline, and a [Server] turns the replies
// into the facts of package checks: one photograph of the server, shared for
// half a minute by everybody who asks, and one person at a time.
//
// The peer is never trusted to behave. Whatever it prints, cuts off, repeats or
// withholds costs at most the request at hand: an unreadable key becomes a
// missing fact that says why, a hung request ends at its deadline and takes its
// connection with it, and a server that cannot be reached is itself a fact.
// Nothing a peer leaves out is ever read as "no".
//
// The files named events… read saved event logs, for people who have no worker.
//
// To add one more key to a reply: describe it in docs/worker-protocol.md, write
// its decoder beside its siblings in decode_server.go, decode_connectors.go or
// decode_user.go, and add it to the fixture reply and to the tests' tables. To
// add one more way to reach a worker: implement [Transport].
package adsync
