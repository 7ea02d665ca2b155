package slack

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/pwsync/pwsync/bot"
)

// What Slack allows a response URL, less a minute for the way there.
const (
	replyUses = 5
	replyLife = 29 * time.Minute
)

// conversation answers one delivery. A response URL works everywhere, even
// where the app is not, so it comes first; an ephemeral message comes second
// and a direct message last.
type conversation struct {
	e *Edge
	a arrival

	mu   sync.Mutex
	uses int
	dead bool // Slack has said that the response URL is over
}

var _ bot.Conversation = (*conversation)(nil)

func (e *Edge) converse(a arrival) *conversation {
	c := &conversation{e: e, a: a}
	c.dead = !e.mayReply(a.reply)
	return c
}

// mayReply tells whether an address is one that Slack gives for answers. What
// is posted there is meant for one person's eyes.
func (e *Edge) mayReply(reply Secret) bool {
	u, err := url.Parse(reply.reveal())
	if err != nil || u.Host == "" {
		return false
	}
	if u.Host == e.apiHost {
		return true
	}
	return u.Scheme == "https" && (u.Host == "hooks.slack.com" || u.Host == "hooks.slack-gov.com")
}

// Tell shows a card to the person alone.
func (c *conversation) Tell(ctx context.Context, card bot.Card) error {
	return c.private(ctx, card, slackgo.MsgOptionResponseURL(c.a.reply.reveal(), slackgo.ResponseTypeEphemeral))
}

// Replace puts a card where the clicked one stands, if that is the person's
// own: an ephemeral message, or one in their direct message with the app.
func (c *conversation) Replace(ctx context.Context, card bot.Card) error {
	own := c.a.ephemeral || c.e.known.has(c.a.channel)
	if c.a.kind != arrivedClick || !own {
		return c.Tell(ctx, card)
	}
	return c.private(ctx, card, slackgo.MsgOptionReplaceOriginal(c.a.reply.reveal()))
}

// private delivers to one person by the first way that works. A card that may
// have arrived is sent again only where a second copy does no harm.
func (c *conversation) private(ctx context.Context, card bot.Card, way slackgo.MsgOption) error {
	err := c.respond(ctx, card, way)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if !errors.Is(err, errNoReply) {
		c.e.log.Info().Err(err).Msg("response URL did not take an answer")
	}
	if c.a.channel != "" {
		err = c.e.ephemeral(ctx, c.a.channel, c.a.user, card)
		// Without Slack's own refusal it may be there already.
		if err == nil || ctx.Err() != nil || !refused(err) {
			return err
		}
	}
	direct, err := c.e.directWith(ctx, c.a.user)
	if err != nil {
		return err
	}
	return c.e.post(ctx, direct, card)
}

// errNoReply is why there is no answering by response URL (any more).
var errNoReply = errors.New("no response URL that can be used")

// respond answers by response URL, in plainer form when Slack refuses the
// blocks.
func (c *conversation) respond(ctx context.Context, card bot.Card, way slackgo.MsgOption) error {
	return c.e.descend(card, forms, func(content content) error {
		if !c.use() {
			return errNoReply
		}
		err := c.e.call(ctx, "answer by response URL", func(ctx context.Context) error {
			_, _, err := c.e.api.PostMessageContext(ctx, "", append(content.options(), way)...)
			return err
		})
		if statusOf(err) == http.StatusNotFound {
			c.mu.Lock()
			c.dead = true
			c.mu.Unlock()
		}
		return err
	})
}

// use spends one use of the response URL. An attempt counts even when it
// fails: Slack may have counted it.
func (c *conversation) use() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead || c.uses >= replyUses || time.Since(c.a.at) > replyLife {
		return false
	}
	c.uses++
	return true
}

// Share shows a card to everybody in the channel. When it may have been
// posted it is not posted again.
func (c *conversation) Share(ctx context.Context, card bot.Card) error {
	if c.a.channel == "" {
		return errors.New("share card: this is not a channel")
	}
	err := c.respond(ctx, card, slackgo.MsgOptionResponseURL(c.a.reply.reveal(), slackgo.ResponseTypeInChannel))
	if errors.Is(err, errNoReply) || statusOf(err) == http.StatusNotFound {
		return c.e.post(ctx, c.a.channel, card)
	}
	return err
}

// ephemeral shows a card to one person in a channel that the app is in.
func (e *Edge) ephemeral(ctx context.Context, channel, user string, card bot.Card) error {
	return e.descend(card, forms, func(content content) error {
		return e.call(ctx, "post ephemeral message", func(ctx context.Context) error {
			_, err := e.api.PostEphemeralContext(ctx, channel, user, content.options()...)
			return err
		})
	})
}

// post shows a card to everybody in a channel or direct message.
func (e *Edge) post(ctx context.Context, channel string, card bot.Card) error {
	return e.descend(card, forms, func(content content) error {
		return e.call(ctx, "post message", func(ctx context.Context) error {
			_, _, err := e.api.PostMessageContext(ctx, channel, content.options()...)
			return err
		})
	})
}

// options are a content as slack-go takes it. Without blocks the text itself
// is shown, so its formatting characters must not format.
func (c content) options() []slackgo.MsgOption {
	out := []slackgo.MsgOption{
		slackgo.MsgOptionText(c.text, false),
		slackgo.MsgOptionDisableLinkUnfurl(),
		slackgo.MsgOptionDisableMediaUnfurl(),
	}
	if len(c.blocks) == 0 {
		return append(out, slackgo.MsgOptionDisableMarkdown())
	}
	return append(out, slackgo.MsgOptionBlocks(c.blocks...))
}

// descend sends a card in the first form that Slack takes.
func (e *Edge) descend(card bot.Card, forms []form, send func(content) error) error {
	var err error
	for i, f := range forms {
		err = send(f.render(card))
		if !refusedBlocks(err) {
			return err
		}
		e.log.Error().Str("form", f.name).Str("code", first(slackCode(err), http.StatusText(statusOf(err)))).Bool("last", i == len(forms)-1).Msg("Slack refused the blocks of a card")
	}
	return err
}

// refusedBlocks tells whether Slack refused what was sent for its form. A
// response URL says so with a bare status.
func refusedBlocks(err error) bool {
	code := slackCode(err)
	return strings.HasPrefix(code, "invalid_blocks") || code == "msg_blocks_too_long" || code == "msg_too_long" ||
		code == "invalid_arguments" || statusOf(err) == http.StatusBadRequest || errors.Is(err, errDetails)
}
