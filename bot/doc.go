// Package bot is the chat-ops core: it takes a command that a person gave in a
// conversation and answers with a card. It knows no chat platform and no
// database; both stand behind ports that it declares.
//
// The main type is [Bot]. An edge hands it a [Request], a [Click] or the opening
// of the app's home, after it has acknowledged them, and gives it a
// [Conversation] to answer in. In between stand, in this order: each delivery
// counts once, nobody floods, the policy decides by immutable ids and fails
// closed, one entry of the command table runs, and a [Card] comes out.
//
// Three habits hold everywhere. An answer is first for the person who asked; to
// show it to others is a decision of its own, checked again when it is made.
// A button carries an opaque id and nothing else. What could be a secret is
// neither repeated nor logged.
//
// To add one more subcommand: write its entry in [Commands] and its run function
// in a file named after it. Parsing, help, policy and the suggestion of the
// nearest name follow from the entry.
package bot
