// Package connect is the lab's worker: it plays the part of the script on an
// Entra Connect server and speaks the worker protocol, written from the
// protocol's document and sharing no code with the client.
//
// The main type is [Worker]. [Worker.Open] starts a session, which is to the
// client what a process with standard input and output is: a hello, then one
// reply for each request, one at a time, with the stray lines that a Windows
// console mixes in. What the worker reports is the estate's
// ([github.com/pwsync/pwsync/adapters/lab/estate.Photo]); a look-up that throws
// there costs its own key.
//
// To add one more key of a verb, extend the wire types in wire.go and fill them
// in server.go or user.go. To add one more verb, add its row to verbs.
package connect
