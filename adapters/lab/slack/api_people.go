package slack

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (w *Workspace) usersInfo(a arguments) object {
	id := a.text("user")
	if id == w.cfg.Bot.UserID {
		return success("user", w.wireBotUser())
	}
	p, ok := w.person(id)
	if !ok {
		return failure("user_not_found")
	}
	return success("user", w.wireUser(p))
}

func (w *Workspace) usersList(a arguments) object {
	members := make([]any, 0, len(w.people)+1)
	for _, p := range w.people {
		if p.TeamID == w.cfg.Team.ID {
			members = append(members, w.wireUser(p))
		}
	}
	members = append(members, w.wireBotUser())
	page, next, problem := paginate(members, a, len(members))
	if problem != "" {
		return failure(problem)
	}
	return success("members", page, "response_metadata", object{"next_cursor": next})
}

func (w *Workspace) usersLookupByEmail(a arguments) object {
	email := a.text("email")
	for _, p := range w.people {
		if email != "" && strings.EqualFold(p.Email, email) && !p.Deleted {
			return success("user", w.wireUser(p))
		}
	}
	return failure("users_not_found")
}

// wireUser is a person as users.info shows them. The address is only there
// with the scope for it.
func (w *Workspace) wireUser(p Person) object {
	profile := object{
		"real_name":    p.RealName,
		"display_name": p.DisplayName,
		"team":         p.TeamID,
	}
	if p.Email != "" && slices.Contains(w.cfg.BotScopes, "users:read.email") {
		profile["email"] = p.Email
	}
	zone := zoneOf(p.TimeZone, time.Now())
	return object{
		"id":                  p.ID,
		"team_id":             p.TeamID,
		"name":                p.Name,
		"real_name":           p.RealName,
		"deleted":             p.Deleted,
		"is_bot":              p.IsBot,
		"is_app_user":         false,
		"is_admin":            false,
		"is_owner":            false,
		"is_restricted":       p.Restricted,
		"is_ultra_restricted": p.UltraRestricted,
		"is_stranger":         p.Stranger,
		"tz":                  zone.name,
		"tz_label":            zone.label,
		"tz_offset":           zone.offset,
		"profile":             profile,
	}
}

func (w *Workspace) wireBotUser() object {
	return object{
		"id":        w.cfg.Bot.UserID,
		"team_id":   w.cfg.Team.ID,
		"name":      w.cfg.Bot.Name,
		"real_name": w.cfg.Bot.Name,
		"deleted":   false,
		"is_bot":    true,
		"profile": object{
			"real_name":  w.cfg.Bot.Name,
			"bot_id":     w.cfg.Bot.BotID,
			"api_app_id": w.cfg.AppID,
			"team":       w.cfg.Team.ID,
		},
	}
}

func (w *Workspace) usergroupsList(a arguments) object {
	groups := []any{}
	for _, g := range w.cfg.UserGroups {
		if g.Disabled && !a.flag("include_disabled") {
			continue
		}
		wire := object{
			"id":           g.ID,
			"team_id":      w.cfg.Team.ID,
			"is_usergroup": true,
			"name":         g.Name,
			"handle":       g.Handle,
			"date_delete":  0,
			"user_count":   len(g.Users),
		}
		if g.Disabled {
			wire["date_delete"] = 1
		}
		if a.flag("include_users") {
			wire["users"] = nonNil(g.Users)
		}
		groups = append(groups, wire)
	}
	return success("usergroups", groups)
}

func (w *Workspace) usergroupsUsersList(a arguments) object {
	for _, g := range w.cfg.UserGroups {
		if g.ID == a.text("usergroup") && (!g.Disabled || a.flag("include_disabled")) {
			return success("users", nonNil(g.Users))
		}
	}
	return failure("no_such_subteam")
}

// nonNil makes an absent list an empty one on the wire.
func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// paginate cuts a list by the limit and cursor of a call.
func paginate[T any](list []T, a arguments, defaultLimit int) (page []T, next, problem string) {
	limit, ok := a.number("limit", defaultLimit)
	if !ok || limit < 0 || limit > 1000 {
		return nil, "", "invalid_limit"
	}
	if limit == 0 {
		limit = max(1, defaultLimit)
	}
	start := 0
	if cursor := a.text("cursor"); cursor != "" {
		raw, err := base64.StdEncoding.DecodeString(cursor)
		offset, found := strings.CutPrefix(string(raw), "offset:")
		n, convErr := strconv.Atoi(offset)
		if err != nil || !found || convErr != nil || n < 0 || n > len(list) {
			return nil, "", "invalid_cursor"
		}
		start = n
	}
	end := min(start+limit, len(list))
	if end < len(list) {
		next = base64.StdEncoding.EncodeToString([]byte("offset:" + strconv.Itoa(end)))
	}
	return list[start:end], next, ""
}
