// Command pwsync troubleshoots password hash synchronization with Microsoft
// Entra Connect Sync: as a Slack bot (serve), as a command line (check, collect,
// explain), and with an estate of its own to try it on (lab).
//
// main calls run, and run alone knows the whole house: it builds the commands,
// wire.go puts the parts together, and every failure is an error that may carry
// an exit code.
//
// To add one more subcommand: write a file with a function that returns its
// *cobra.Command, list it in newRoot, and put a transcript into testdata/script.
package main
