package slack

import (
	"encoding/json"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"
)

// shownMessages is how many messages of a channel the page draws.
const shownMessages = 200

// helpdeskChannel is where the page opens when its address says nothing.
const helpdeskChannel = "helpdesk"

// pageView is everything that the templates show.
type pageView struct {
	Title  string
	Team   string
	Notice string
	Where  string // the settled address, so that a copied one is complete

	Me     personView
	People []personView

	Channels []navItem
	Directs  []navItem
	App      navItem
	Messages *navItem // the direct message with the app, once it exists

	Place placeView
	Items []itemView

	Home      template.HTML
	HomeID    string
	HomeKnown bool

	Thread *threadView
	Modal  *modalView

	Commands string // JSON for the composer
	Examples []string

	Clock     clockView
	Faults    []faultGroup
	FaultsOn  int
	FaultsWhy string // why there are no faults to show
	Directory []directoryEntry
}

type personView struct {
	ID, Handle, Name, Initials, Href string
	Tone                             int
	Badges                           []string
	Current, Gone                    bool
}

type navItem struct {
	ID, Name, Href            string
	Private, Shared, Archived bool
	Current                   bool
	LastTS                    string
}

// placeView is what the middle of the page is about.
type placeView struct {
	Kind     string // channel, direct, home, or none
	ID       string
	Name     string
	Members  int
	Private  bool
	Shared   bool
	Archived bool
	Outside  bool // the person is not in this channel
	Earlier  bool // there are older messages that are not drawn
}

// itemView is a line of the conversation: a day, or a message.
type itemView struct {
	ID      string
	Etag    string
	Day     string
	HTML    template.HTML
	Message *messageView
}

type messageView struct {
	TS, Channel            string
	Author, Initials       string
	Tone                   int
	Bot, Ephemeral, Edited bool
	Clock, Full, ISO       string
	Body                   template.HTML
	Text                   string // the top-level text when blocks hide it
	Replies                int
	ThreadHref             string
	InThread               bool
}

type threadView struct {
	TS        string
	Items     []itemView
	CloseHref string
}

type modalView struct {
	ID, Hash, Title, Submit, Close string
	Body                           template.HTML
	Problems                       int
	Depth                          int
}

// view gathers what the address asks for.
func (p *webPage) view(at where) pageView {
	people := p.ws.People()
	me, notice := p.whoIs(at.as, people)
	v := pageView{Team: p.team.Name, Notice: notice}
	if v.Team == "" {
		v.Team = "Lab workspace"
	}
	p.nav(&v, &at, me)
	p.people(&v, at, people, me)
	names := p.names(people, me.ID)
	switch v.Place.Kind {
	case "home":
		p.home(&v, names, me.ID)
	case "channel", "direct":
		p.conversation(&v, at, names, me.ID)
	}
	p.modal(&v, names, me.ID)
	p.composer(&v)
	p.panel(&v)
	v.Title = v.Place.Name + " · " + v.Team
	if v.Place.Kind == "channel" {
		v.Title = "#" + v.Title
	}
	if v.Notice == "" {
		v.Where = at.query().Encode()
	}
	return v
}

func (at where) query() url.Values {
	q := url.Values{}
	q.Set("as", at.as)
	if at.home {
		q.Set("home", "1")
		return q
	}
	if at.channel != "" {
		q.Set("channel", at.channel)
	}
	if at.thread != "" {
		q.Set("thread", at.thread)
	}
	return q
}

func (at where) href() string { return "/?" + at.query().Encode() }

// whoIs finds the person by id or handle. Someone unknown becomes the first
// person, and is told so; whoever does not say is the help desk, if there is one.
func (p *webPage) whoIs(as string, people []Person) (Person, string) {
	for _, person := range people {
		if as != "" && (person.ID == as || strings.EqualFold(person.Name, strings.TrimPrefix(as, "@"))) {
			return person, ""
		}
	}
	i := slices.IndexFunc(people, func(person Person) bool { return !person.IsBot && !person.Deleted })
	if i < 0 {
		return Person{}, "Nobody is in this workspace."
	}
	if as == "" {
		if desk := slices.IndexFunc(people, isHelpdesk); desk >= 0 {
			i = desk
		}
		return people[i], ""
	}
	return people[i], "Nobody here is called " + as + ". You are looking as " + people[i].label() + "."
}

// isHelpdesk tells who answers callers: the reader of the page is most likely one
// of them.
func isHelpdesk(person Person) bool {
	return !person.IsBot && !person.Deleted && slices.Contains(person.Roles, "operator")
}

// label is how a person is shown to others.
func (person Person) label() string {
	for _, name := range []string{person.DisplayName, person.RealName, person.Name} {
		if name != "" {
			return name
		}
	}
	return person.ID
}

// badges are the roles, and what Slack itself says about a person.
func (person Person) badges() []string {
	badges := slices.Clone(person.Roles)
	add := func(when bool, word string) {
		if when && !slices.Contains(badges, word) {
			badges = append(badges, word)
		}
	}
	add((person.Restricted || person.UltraRestricted) && !slices.Contains(badges, "guest"), "guest")
	add(person.Stranger, "stranger")
	add(person.Deleted, "deactivated")
	return badges
}

func (p *webPage) people(v *pageView, at where, people []Person, me Person) {
	for _, person := range people {
		if person.IsBot {
			continue
		}
		to := at
		to.as, to.thread = person.ID, ""
		shown := personView{
			ID: person.ID, Handle: person.Name, Name: person.label(), Initials: initials(person.label()),
			Href: to.href(), Tone: tone(person.ID), Badges: person.badges(),
			Current: person.ID == me.ID, Gone: person.Deleted,
		}
		v.People = append(v.People, shown)
		if shown.Current {
			v.Me = shown
		}
	}
}

// nav lists where the person can go, and settles where the person is.
func (p *webPage) nav(v *pageView, at *where, me Person) {
	own := p.ws.ChannelsOf(me.ID)
	if _, there := findPlace(helpdeskChannel, own); there && at.as == "" && at.channel == "" && !at.home {
		at.channel = helpdeskChannel
	}
	at.as = me.ID
	place, found := findPlace(at.channel, own)
	if !found && at.channel != "" {
		if place, found = findPlace(at.channel, p.ws.Channels()); found {
			v.Place = placeOf(place)
			v.Place.Outside = true
		} else {
			v.Notice = strings.TrimSpace(v.Notice + " There is no channel " + at.channel + " here.")
		}
	}
	if !found && !at.home && len(own) > 0 {
		place, found = own[0], true
	}
	switch {
	case at.home:
		v.Place = placeView{Kind: "home", Name: p.bot.Name}
		at.channel = ""
	case found:
		outside := v.Place.Outside
		v.Place = placeOf(place)
		v.Place.Outside = outside
		at.channel = place.ID
	default:
		v.Place = placeView{Kind: "none", Name: "Nowhere"}
	}
	for _, channel := range own {
		item := navItem{
			ID: channel.ID, Name: channel.Name, Private: channel.Private, Shared: channel.ExtShared, Archived: channel.Archived,
			Href: where{as: me.ID, channel: channel.ID}.href(), Current: channel.ID == v.Place.ID,
		}
		if messages := p.ws.Messages(channel.ID, me.ID); len(messages) > 0 {
			item.LastTS = messages[len(messages)-1].TS
		}
		if channel.IsIM {
			v.Directs = append(v.Directs, item)
			v.Messages = &item
			continue
		}
		v.Channels = append(v.Channels, item)
	}
	v.App = navItem{Name: p.bot.Name, Href: where{as: me.ID, home: true}.href(), Current: at.home}
}

func findPlace(idOrName string, channels []Channel) (Channel, bool) {
	if idOrName == "" {
		return Channel{}, false
	}
	i := slices.IndexFunc(channels, func(c Channel) bool {
		return c.ID == idOrName || !c.IsIM && strings.EqualFold(c.Name, strings.TrimPrefix(idOrName, "#"))
	})
	if i < 0 {
		return Channel{}, false
	}
	return channels[i], true
}

func placeOf(c Channel) placeView {
	kind := "channel"
	if c.IsIM {
		kind = "direct"
	}
	return placeView{
		Kind: kind, ID: c.ID, Name: c.Name, Members: len(c.Members),
		Private: c.Private, Shared: c.ExtShared, Archived: c.Archived,
	}
}

// names is what a drawer needs to know about people and channels.
// Private channels that the person is not in have no name for them.
func (p *webPage) names(people []Person, me string) drawer {
	d := drawer{now: p.now(), zone: time.UTC}
	byID := map[string]string{p.bot.UserID: p.bot.Name}
	for _, person := range people {
		byID[person.ID] = person.label()
		if !person.Deleted {
			d.people = append(d.people, choice{person.ID, person.label()})
		}
	}
	channels := map[string]string{}
	for _, c := range p.ws.Channels() {
		if c.IsIM || c.Private && !slices.Contains(c.Members, me) {
			continue
		}
		channels[c.ID] = c.Name
		d.channels = append(d.channels, choice{c.ID, "#" + c.Name})
	}
	d.personName = func(id string) string { return byID[id] }
	d.channelName = func(id string) string { return channels[id] }
	return d
}

func (p *webPage) home(v *pageView, names drawer, me string) {
	open, known := p.ws.Home(me)
	v.HomeKnown = known
	if !known {
		return
	}
	names.surface, names.scope = onHome, "home"
	v.HomeID = open.ID
	v.Home = names.Blocks(open.Blocks)
}

func (p *webPage) modal(v *pageView, names drawer, me string) {
	stack := p.ws.Views(me)
	if len(stack) == 0 {
		return
	}
	open := stack[len(stack)-1]
	names.surface, names.scope, names.problems = onModal, open.ID, open.Errors
	v.Modal = &modalView{
		ID: open.ID, Hash: open.Hash, Title: open.Title, Submit: open.Submit, Close: open.Close,
		Body: names.Blocks(open.Blocks), Problems: len(open.Errors), Depth: len(stack),
	}
	if v.Modal.Close == "" {
		v.Modal.Close = "Close"
	}
}

// composer hands the commands to the script, and picks examples for a channel
// where nothing was said yet.
func (p *webPage) composer(v *pageView) {
	commands := p.ws.Commands()
	data, err := json.Marshal(commands)
	if err != nil {
		// Commands are strings all through; this cannot be.
		data = []byte("[]")
	}
	v.Commands = string(data)
	const examples = 3
	for _, command := range commands {
		for _, c := range command.Completions {
			if len(v.Examples) < examples {
				v.Examples = append(v.Examples, command.Name+" "+c.Text)
			}
		}
		if len(command.Completions) == 0 && len(v.Examples) < examples {
			v.Examples = append(v.Examples, command.Name)
		}
	}
}
