package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/pwsync/pwsync/bot"
)

const (
	// lookupTime is how old an answer about a person or a channel may be: a
	// deactivated account keeps its rights that long at most.
	lookupTime   = 5 * time.Minute
	lookupMisses = 15 * time.Second
	lookupMax    = 4096
	// directTime is longer, because the direct message with a person never
	// becomes another one.
	directTime = 24 * time.Hour
	// memberPages bounds how much of a huge channel is read to find
	// somebody.
	memberPages    = 20
	memberPageSize = 1000
)

// Person looks a person up, from a cache that is up to five minutes old. An
// unknown id matches fs.ErrNotExist.
func (e *Edge) Person(ctx context.Context, user string) (bot.Person, error) {
	return e.people.get(ctx, user, e.askPerson(user))
}

// PersonNow asks Slack about a person, whatever is remembered, and what it says
// is remembered from then on.
func (e *Edge) PersonNow(ctx context.Context, user string) (bot.Person, error) {
	return e.people.renew(ctx, user, e.askPerson(user))
}

func (e *Edge) askPerson(user string) func(context.Context) (bot.Person, error) {
	return func(ctx context.Context) (bot.Person, error) {
		var u *slackgo.User
		err := e.call(ctx, "look up person", func(ctx context.Context) (err error) {
			u, err = e.api.GetUserInfoContext(ctx, user)
			return err
		})
		if err != nil {
			return bot.Person{}, err
		}
		return e.person(u), nil
	}
}

// person turns Slack's account into the bot's person. Stranger covers the
// accounts of other workspaces that Slack does not mark as such.
func (e *Edge) person(u *slackgo.User) bot.Person {
	me := e.who()
	p := bot.Person{
		Team:       u.TeamID,
		Enterprise: u.Enterprise.EnterpriseID,
		Deleted:    u.Deleted,
		Bot:        u.IsBot,
		Guest:      u.IsRestricted || u.IsUltraRestricted,
		Stranger:   u.IsStranger,
		Name:       first(u.Profile.DisplayName, u.RealName, u.Name),
		Mail:       u.Profile.Email,
		TimeZone:   u.TZ,
	}
	sameOrganization := me.Enterprise != "" && p.Enterprise == me.Enterprise
	if me.Team != "" && p.Team != me.Team && !sameOrganization {
		p.Stranger = true
	}
	return p
}

// Channel looks a conversation up, from a cache that is up to five minutes
// old. One that the app cannot see matches fs.ErrNotExist.
func (e *Edge) Channel(ctx context.Context, id string) (bot.Channel, error) {
	if e.known.has(id) {
		return ownDirect, nil
	}
	return e.channels.get(ctx, id, e.askChannel(id))
}

// ChannelNow asks Slack about a conversation, whatever is remembered, and what
// it says is remembered from then on.
func (e *Edge) ChannelNow(ctx context.Context, id string) (bot.Channel, error) {
	if e.known.has(id) {
		return ownDirect, nil
	}
	return e.channels.renew(ctx, id, e.askChannel(id))
}

// ownDirect is a direct message of the app's own. It needs no scope to be known
// and never becomes anything else.
var ownDirect = bot.Channel{DM: true, Private: true, Member: true}

func (e *Edge) askChannel(id string) func(context.Context) (bot.Channel, error) {
	return func(ctx context.Context) (bot.Channel, error) {
		var c *slackgo.Channel
		err := e.call(ctx, "look up channel", func(ctx context.Context) (err error) {
			c, err = e.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: id})
			return err
		})
		if err != nil {
			return bot.Channel{}, err
		}
		return channelOf(c), nil
	}
}

func channelOf(c *slackgo.Channel) bot.Channel {
	dm := c.IsIM || c.IsMpIM
	return bot.Channel{
		ExtShared:        c.IsExtShared,
		PendingExtShared: c.IsPendingExtShared,
		Private:          c.IsPrivate || c.IsGroup || dm,
		DM:               dm,
		// Slack shows a direct message only to the apps in it.
		Member: c.IsMember || dm,
	}
}

// Member reports whether a person is in a conversation. It asks Slack each
// time. A channel with more members than it reads is an error, not a no.
func (e *Edge) Member(ctx context.Context, channel, user string) (bool, error) {
	cursor := ""
	for range memberPages {
		var members []string
		err := e.call(ctx, "read members of channel", func(ctx context.Context) (err error) {
			members, cursor, err = e.api.GetUsersInConversationContext(ctx, &slackgo.GetUsersInConversationParameters{
				ChannelID: channel, Cursor: cursor, Limit: memberPageSize,
			})
			return err
		})
		if err != nil {
			return false, err
		}
		if slices.Contains(members, user) {
			return true, nil
		}
		if cursor == "" {
			return false, nil
		}
	}
	return false, fmt.Errorf("read members of channel: not among the first %d", memberPages*memberPageSize)
}

// directWith returns the direct message between the app and a person.
func (e *Edge) directWith(ctx context.Context, user string) (string, error) {
	return e.direct.get(ctx, user, func(ctx context.Context) (string, error) {
		var c *slackgo.Channel
		err := e.call(ctx, "open direct message", func(ctx context.Context) (err error) {
			c, _, _, err = e.api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{user}})
			return err
		})
		if err != nil {
			return "", err
		}
		if c == nil || c.ID == "" {
			return "", errors.New("open direct message: Slack named none")
		}
		e.known.add(c.ID)
		return c.ID, nil
	})
}

// meet finds out whether an unknown direct message is the app's own with the
// person who acts, before the bot asks about it. When that cannot be found
// out it stays unknown, and the policy refuses it.
func (e *Edge) meet(ctx context.Context, a arrival) {
	if !strings.HasPrefix(a.channel, "D") || e.known.has(a.channel) {
		return
	}
	if _, err := e.directWith(ctx, a.user); err != nil {
		e.log.Debug().Err(err).Msg("direct message not identified")
	}
}
