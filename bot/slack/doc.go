// Package slack is the edge between pwsync's bot and Slack: it receives what
// people do there, acknowledges it, hands it to the bot, and renders the
// bot's cards. Nothing else in pwsync knows a Slack type.
//
// The main type is [Edge]. Deliveries come in by Socket Mode over two
// connections, or as signed HTTP requests through [Edge.Handler]; both are
// acknowledged, empty, before any work starts, turned into one internal
// shape, and queued for a fixed number of workers. Answers go out through a
// conversation per delivery: the response URL first, then an ephemeral
// message, then a direct message. The edge also answers the bot's questions
// about people and channels from short-lived caches.
//
// What comes from a directory or an event log is never markup here: it stands
// in rich text and plain text, which Slack does not parse, and is escaped once
// in the top-level text. Whatever a card holds, the message keeps within
// Slack's limits and says where it was cut.
//
// Tokens, response URLs and trigger ids are of type [Secret] and print as
// <secret>. Log lines carry no text, name or address of anybody.
//
// To add one more kind of delivery: read it in payload.go into an arrival with
// an id that every redelivery shares, and say in serve.go what is done about
// it. To add one more part to cards: draw it in render_parts.go within its
// budget, and let the hostile-card test prove that it fits.
package slack
