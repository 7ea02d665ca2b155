package slack

import (
	"slices"
	"strings"
)

// readableChannel finds a channel that the bot may read about with the scopes
// it was granted. The caller holds the lock.
func (w *Workspace) readableChannel(id string) (*channel, object) {
	ch := w.channelByID(id)
	if ch == nil || (ch.Private && !w.botIn(ch)) {
		return nil, failure("channel_not_found")
	}
	scope := "channels:read"
	switch {
	case ch.IsIM:
		scope = "im:read"
	case ch.Private:
		scope = "groups:read"
	}
	if !slices.Contains(w.cfg.BotScopes, scope) {
		return nil, missingScope([]string{scope}, w.cfg.BotScopes)
	}
	return ch, nil
}

func (w *Workspace) conversationsInfo(a arguments) object {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, refused := w.readableChannel(a.text("channel"))
	if refused != nil {
		return refused
	}
	wire := w.wireChannel(ch)
	if a.flag("include_num_members") {
		wire["num_members"] = len(ch.Members)
	}
	return success("channel", wire)
}

func (w *Workspace) wireChannel(ch *channel) object {
	wire := object{
		"id":                    ch.ID,
		"is_im":                 ch.IsIM,
		"is_mpim":               false,
		"is_archived":           ch.Archived || w.faults.active(faultChannelArchived),
		"is_shared":             ch.ExtShared,
		"is_ext_shared":         ch.ExtShared,
		"is_org_shared":         false,
		"is_pending_ext_shared": false,
		"context_team_id":       w.cfg.Team.ID,
	}
	if ch.IsIM {
		wire["user"] = ch.Members[0]
		wire["is_user_deleted"] = false
		return wire
	}
	wire["name"] = ch.Name
	wire["name_normalized"] = ch.Name
	wire["is_channel"] = !ch.Private
	wire["is_group"] = ch.Private
	wire["is_private"] = ch.Private
	wire["is_member"] = w.botIn(ch)
	wire["shared_team_ids"] = []string{w.cfg.Team.ID}
	if ch.ExtShared {
		wire["connected_team_ids"] = w.foreignTeams(ch)
	}
	return wire
}

// foreignTeams lists the other workspaces that a shared channel reaches.
func (w *Workspace) foreignTeams(ch *channel) []string {
	teams := []string{}
	for _, id := range ch.Members {
		if p, ok := w.person(id); ok && p.TeamID != w.cfg.Team.ID && !slices.Contains(teams, p.TeamID) {
			teams = append(teams, p.TeamID)
		}
	}
	return teams
}

func (w *Workspace) conversationsMembers(a arguments) object {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, refused := w.readableChannel(a.text("channel"))
	if refused != nil {
		return refused
	}
	page, next, problem := paginate(ch.Members, a, 100)
	if problem != "" {
		return failure(problem)
	}
	return success("members", nonNil(slices.Clone(page)), "response_metadata", object{"next_cursor": next})
}

func (w *Workspace) conversationsOpen(a arguments) object {
	w.mu.Lock()
	defer w.mu.Unlock()
	if id := a.text("channel"); id != "" {
		ch := w.channelByID(id)
		if ch == nil || !ch.IsIM {
			return failure("channel_not_found")
		}
		return success("channel", object{"id": ch.ID}, "already_open", true, "no_op", true)
	}
	users := strings.FieldsFunc(a.text("users"), func(r rune) bool { return strings.ContainsRune(`,[]" `, r) })
	switch {
	case len(users) == 0:
		return failure("users_list_not_supplied")
	case len(users) > 1:
		// Group direct messages are not part of this workspace.
		return failure("invalid_user_combination")
	case !slices.Contains(w.cfg.BotScopes, "im:write"):
		return missingScope([]string{"im:write"}, w.cfg.BotScopes)
	}
	p, ok := w.person(users[0])
	switch {
	case !ok:
		return failure("user_not_found")
	case p.Deleted:
		return failure("user_disabled")
	}
	ch := w.directMessage(p.ID)
	if a.flag("return_im") {
		return success("channel", w.wireChannel(ch))
	}
	return success("channel", object{"id": ch.ID})
}
