// Package slack is a local workspace that speaks Slack's wire protocols and
// is as strict as Slack about them, so that a bot can be built, tried and
// tested with nothing but a loopback port.
//
// The main type is [Workspace]. It holds people, channels, messages, modals
// and App Homes in bounded memory, and offers five doors, all served by
// [Workspace.Handler]:
//
//   - the Web API under /api/, with Slack's authentication, scopes, rate
//     limits and Block Kit rules (see [Validate] and [Limits]);
//   - Socket Mode at /link, and signed HTTP delivery instead of it when
//     [Config.HTTP] is set;
//   - response URLs, which live for thirty minutes of lab time and five uses;
//   - the control API under /lab/, with which scripts and the web page act
//     as one of the people: run a command, press a button, fill a modal;
//   - the web page at /.
//
// Acknowledgement timers, trigger ids, message timestamps and pings run on
// wall time; response URLs and the times shown on messages run on the lab's
// clock ([Config.Clock]).
//
// Memory is bounded: a channel keeps its newest 1,000 messages and its newest
// 1,000 ephemeral ones, and no more than 8 MiB of either; response URLs,
// trigger ids, tickets and events that wait for redelivery are capped too,
// the oldest going first. Ephemeral messages and modals are lost when the
// workspace ends, as they are in Slack when a client is reloaded.
//
// To add one more Web API method, write its handler in the api_*.go file of
// its family and list it in webMethods with its scopes and tier. To add one
// more Block Kit block or element, write its rule in validate_blocks.go or
// validate_elements.go, list it with the surfaces that may carry it, and put
// its limits into limits.go. To add one more fault, list it in workspaceFaults
// and ask for it where it bites.
package slack
