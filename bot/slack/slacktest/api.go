package slacktest

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Fault is how a call goes wrong.
type Fault struct {
	// Status of the answer; 200 when zero.
	Status int
	// Error is the code of an {"ok":false} answer.
	Error string
	// RetryAfter is the header's value, in seconds.
	RetryAfter string
	// Body replaces the answer, for a web page where JSON should be.
	Body string
	// Times is how many calls go wrong: 1 when zero, all when negative.
	Times int
	// Done says that the call does its work all the same: only its answer is lost.
	Done bool
	// Until holds the answer back until it is closed, or the bot gives up.
	Until <-chan struct{}
}

// Fail makes the next calls of a method ("chat.postMessage", "response_url", ...)
// go wrong. Faults of one method happen in the order they were given.
func (s *Server) Fail(method string, f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	s.update(func() { s.faults[method] = append(s.faults[method], &f) })
}

// Heal takes away what is left of a method's faults.
func (s *Server) Heal(method string) { s.update(func() { delete(s.faults, method) }) }

// fault is the fault of this call, if any. The lock is held.
func (s *Server) fault(method string) *Fault {
	queue := s.faults[method]
	if len(queue) == 0 {
		return nil
	}
	f := queue[0]
	if f.Times--; f.Times == 0 {
		s.faults[method] = queue[1:]
	}
	return f
}

// refusal is an {"ok":false} answer.
type refusal string

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	args, err := readArgs(r)
	if err != nil {
		s.t.Errorf("slacktest: %s: %v", method, err)
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if token == "" {
		token, _ = args["token"].(string)
	}
	delete(args, "token")
	body, _ := json.Marshal(args)

	var f *Fault
	var out map[string]any
	s.update(func() {
		if f = s.fault(method); f == nil || f.Done {
			out = s.call(method, token, args)
		} else {
			out = map[string]any{"ok": false, "error": f.Error}
		}
		call := Call{Method: method, Token: token, Body: body, Status: http.StatusOK}
		call.Error, _ = out["error"].(string)
		if f != nil {
			call.Error = f.Error
			if f.Status != 0 {
				call.Status = f.Status
			}
		}
		s.calls = append(s.calls, call)
		if s.live[token] {
			w.Header().Set("X-OAuth-Scopes", s.scopes)
		}
		w.Header().Set("Date", time.Now().Add(s.clock).UTC().Format(http.TimeFormat))
	})
	answer(w, r, f, out)
}

func answer(w http.ResponseWriter, r *http.Request, f *Fault, out map[string]any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if f != nil {
		if f.Until != nil {
			select {
			case <-f.Until:
			case <-r.Context().Done():
			}
		}
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", f.RetryAfter)
		}
		if f.Done && f.Error != "" {
			out = map[string]any{"ok": false, "error": f.Error}
		}
		if f.Status != 0 {
			w.WriteHeader(f.Status)
		}
		if f.Body != "" {
			_, _ = io.WriteString(w, f.Body)
			return
		}
	}
	_ = json.NewEncoder(w).Encode(out)
}

// readArgs reads a call's arguments, as JSON or as a form whose structured
// values are JSON.
func readArgs(r *http.Request) (map[string]any, error) {
	data, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil {
		return nil, err
	}
	args := map[string]any{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		if len(data) == 0 || string(data) == "null\n" {
			return args, nil
		}
		return args, json.Unmarshal(data, &args)
	}
	form, err := url.ParseQuery(string(data))
	if err != nil {
		return nil, err
	}
	for k := range form {
		v := form.Get(k)
		args[k] = v
		if k == "blocks" || k == "metadata" || k == "view" || k == "attachments" {
			var parsed any
			if err := json.Unmarshal([]byte(v), &parsed); err != nil {
				return nil, err
			}
			args[k] = parsed
		}
	}
	return args, nil
}

// method is what the Web API does when it is called. The lock is held.
type method func(s *Server, args map[string]any) (map[string]any, refusal)

func methods() map[string]method {
	return map[string]method{
		"auth.test":                    (*Server).authTest,
		"apps.connections.open":        (*Server).connectionsOpen,
		"users.info":                   (*Server).usersInfo,
		"usergroups.list":              (*Server).usergroupsList,
		"usergroups.users.list":        (*Server).usergroupsUsers,
		"conversations.open":           (*Server).conversationsOpen,
		"conversations.info":           (*Server).conversationsInfo,
		"conversations.members":        (*Server).conversationsMembers,
		"conversations.history":        (*Server).conversationsHistory,
		"chat.postMessage":             (*Server).postMessage,
		"chat.postEphemeral":           (*Server).postEphemeral,
		"chat.update":                  (*Server).updateMessage,
		"chat.delete":                  (*Server).deleteMessage,
		"views.open":                   (*Server).openView,
		"views.push":                   (*Server).openView,
		"views.update":                 (*Server).updateView,
		"views.publish":                (*Server).publishView,
		"files.getUploadURLExternal":   (*Server).uploadURL,
		"files.completeUploadExternal": (*Server).completeUpload,
	}
}

// call does what a method does. The lock is held.
func (s *Server) call(name, token string, args map[string]any) map[string]any {
	if no := s.refused(name, token); no != "" {
		return no.answer()
	}
	do := methods()[name]
	if do == nil {
		return refusal("unknown_method").answer()
	}
	out, no := do(s, args)
	if no != "" {
		return no.answer()
	}
	out["ok"] = true
	return out
}

// refused says what is wrong with a method's token.
func (s *Server) refused(name, token string) refusal {
	sockets := name == "apps.connections.open"
	switch {
	case s.live[token] && !sockets, token == AppToken && sockets:
		return ""
	case token == "":
		return "not_authed"
	case s.live[token], token == AppToken:
		return "not_allowed_token_type"
	case s.over[token] != "":
		return s.over[token]
	}
	return "invalid_auth"
}

func (s *Server) authTest(map[string]any) (map[string]any, refusal) {
	return map[string]any{"url": "https://test.slack.com/", "team": "Test", "user": "village", "team_id": s.team, "user_id": s.bot, "bot_id": botID}, ""
}

func (s *Server) connectionsOpen(map[string]any) (map[string]any, refusal) {
	return map[string]any{"url": "ws" + strings.TrimPrefix(s.http.URL, "http") + "/socket/" + s.nextID("ticket-")}, ""
}

func (r refusal) answer() map[string]any { return map[string]any{"ok": false, "error": string(r)} }

func text(args map[string]any, name string) string {
	v, _ := args[name].(string)
	return v
}

func (s *Server) usersInfo(args map[string]any) (map[string]any, refusal) {
	u, ok := s.users[text(args, "user")]
	if !ok {
		return nil, "user_not_found"
	}
	user := u.profile()
	if text(args, "include_locale") == "true" && u.Locale != "" {
		user["locale"] = u.Locale
	}
	if u.Zone != "" {
		user["tz"] = u.Zone
	}
	return map[string]any{"user": user}, ""
}

// profile is what everybody is told of a user.
func (u User) profile() map[string]any {
	return map[string]any{
		"id": u.ID, "team_id": u.Team, "name": u.Name, "deleted": u.Disabled, "is_restricted": u.Guest, "is_ultra_restricted": false, "is_admin": u.Admin || u.Owner, "is_owner": u.Owner,
		"profile": map[string]any{"display_name": u.Name, "real_name": u.Name},
	}
}

func (s *Server) conversationsOpen(args map[string]any) (map[string]any, refusal) {
	u, ok := s.users[text(args, "users")]
	switch {
	case !ok:
		return nil, "user_not_found"
	case u.Disabled:
		return nil, "user_disabled"
	}
	return map[string]any{"channel": map[string]any{"id": DirectChannel(u.ID)}}, ""
}

// membersPage is how many members are told at once.
const membersPage = 3

func (s *Server) conversationsMembers(args map[string]any) (map[string]any, refusal) {
	c, ok := s.channels[text(args, "channel")]
	if !ok {
		return nil, "channel_not_found"
	}
	members := []string{}
	for _, id := range slices.Sorted(maps.Keys(s.users)) {
		if !slices.Contains(c.Without, id) && !s.users[id].Disabled && id > text(args, "cursor") {
			members = append(members, id)
		}
	}
	next := ""
	if len(members) > membersPage {
		members = members[:membersPage]
		next = members[membersPage-1]
	}
	return map[string]any{"members": members, "response_metadata": map[string]any{"next_cursor": next}}, ""
}

// Leave takes a user out of a channel; Join lets them in again.
func (s *Server) Leave(channel, user string) {
	s.update(func() {
		c := s.channels[channel]
		c.Without = append(slices.Clone(c.Without), user)
		s.channels[channel] = c
	})
}

// Join lets a user into a channel.
func (s *Server) Join(channel, user string) {
	s.update(func() {
		c := s.channels[channel]
		c.Without = slices.DeleteFunc(slices.Clone(c.Without), func(id string) bool { return id == user })
		s.channels[channel] = c
	})
}

func (s *Server) conversationsInfo(args map[string]any) (map[string]any, refusal) {
	c, ok := s.channels[text(args, "channel")]
	if !ok {
		return nil, "channel_not_found"
	}
	return map[string]any{"channel": map[string]any{"id": c.ID, "name": c.Name, "is_archived": c.Archived, "is_member": !c.BotAbsent, "is_private": c.Private}}, ""
}

// reachable says whether the bot may post there. The lock is held.
func (s *Server) reachable(channel string) refusal {
	if user, ok := strings.CutPrefix(channel, "D"); ok {
		if _, ok := s.users["U"+user]; ok {
			return ""
		}
		return "channel_not_found"
	}
	c, ok := s.channels[channel]
	switch {
	case !ok:
		return "channel_not_found"
	case c.Archived:
		return "is_archived"
	case c.BotAbsent:
		return "not_in_channel"
	}
	return ""
}

// checkPost holds a post against the limits. The lock is held.
func (s *Server) checkPost(args map[string]any) refusal {
	s.report(checkMessage(args))
	if text(args, "text") == "" && args["blocks"] == nil {
		return "no_text"
	}
	return ""
}

func (s *Server) postMessage(args map[string]any) (map[string]any, refusal) {
	channel := text(args, "channel")
	if no := s.reachable(channel); no != "" {
		return nil, no
	}
	if no := s.checkPost(args); no != "" {
		return nil, no
	}
	if text(args, "unfurl_links") != "false" || text(args, "unfurl_media") != "false" {
		s.t.Errorf("slacktest: chat.postMessage would unfurl links")
	}
	m := s.addMessage(channel, args)
	m.Via = "chat.postMessage"
	return map[string]any{"channel": channel, "ts": m.TS, "message": map[string]any{
		"type": "message", "user": s.bot, "bot_id": botID, "ts": m.TS, "text": m.Text, "blocks": m.Blocks}}, ""
}

func (s *Server) postEphemeral(args map[string]any) (map[string]any, refusal) {
	channel := text(args, "channel")
	if no := s.reachable(channel); no != "" {
		return nil, no
	}
	if no := s.checkPost(args); no != "" {
		return nil, no
	}
	m := s.addMessage(channel, args)
	m.Via, m.Ephemeral, m.User = "chat.postEphemeral", true, text(args, "user")
	return map[string]any{"message_ts": m.TS}, ""
}

func (s *Server) updateMessage(args map[string]any) (map[string]any, refusal) {
	channel := text(args, "channel")
	if no := s.reachable(channel); no != "" {
		return nil, no
	}
	i := slices.IndexFunc(s.messages, func(m *Message) bool {
		return m.Channel == channel && m.TS == text(args, "ts") && !m.Ephemeral
	})
	if i < 0 {
		return nil, "message_not_found"
	}
	if no := s.checkPost(args); no != "" {
		return nil, no
	}
	m := s.messages[i]
	m.Text, m.Edits = text(args, "text"), m.Edits+1
	if args["blocks"] != nil { // without them, Slack keeps those it has
		m.Blocks = blocksOf(args["blocks"])
	}
	return map[string]any{"channel": channel, "ts": m.TS, "text": m.Text}, ""
}

func (s *Server) addMessage(channel string, args map[string]any) *Message {
	m := &Message{
		Channel: channel, TS: s.nextID("1700000000."), ThreadTS: text(args, "thread_ts"),
		Text: text(args, "text"), Blocks: blocksOf(args["blocks"]), At: time.Now().Add(s.clock),
	}
	if meta, ok := args["metadata"].(map[string]any); ok {
		m.Metadata = meta
	}
	s.messages = append(s.messages, m)
	return m
}

func (s *Server) serveResponseURL(w http.ResponseWriter, r *http.Request) {
	args, err := readArgs(r)
	if err != nil {
		s.t.Errorf("slacktest: response_url: %v", err)
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	body, _ := json.Marshal(args)
	var f *Fault
	status, out := http.StatusOK, map[string]any{"ok": true}
	s.update(func() {
		f = s.fault("response_url")
		call := Call{Method: "response_url", Body: body, Status: http.StatusOK}
		if f == nil || f.Done {
			status, out = s.respond(r.PathValue("id"), args)
			call.Status = status
			call.Error, _ = out["error"].(string)
		}
		if f != nil {
			call.Status, call.Error = f.Status, f.Error
			if f.Error != "" {
				out = map[string]any{"ok": false, "error": f.Error}
			}
		}
		s.calls = append(s.calls, call)
	})
	if status != http.StatusOK {
		w.WriteHeader(status)
	}
	answer(w, r, f, out)
}

// respond does what a post to a response_url does. The lock is held.
func (s *Server) respond(id string, args map[string]any) (int, map[string]any) {
	u := s.urls[id]
	if u == nil {
		return http.StatusNotFound, refusal("invalid_url").answer()
	}
	if u.uses++; u.uses > responseURLUses {
		return http.StatusNotFound, refusal("used_url").answer()
	}
	if replace, _ := args["replace_original"].(bool); replace && u.replaces != "" {
		s.report(checkMessage(args))
		for _, m := range s.messages {
			if m.TS == u.replaces {
				m.Text, m.Blocks, m.Edits = text(args, "text"), blocksOf(args["blocks"]), m.Edits+1
				return http.StatusOK, map[string]any{"ok": true}
			}
		}
		return http.StatusNotFound, refusal("message_not_found").answer()
	}
	if no := s.checkPost(args); no != "" {
		return http.StatusBadRequest, no.answer()
	}
	m := s.addMessage(u.channel, args)
	m.Via, m.User = "response_url", u.user
	m.Ephemeral = text(args, "response_type") != "in_channel"
	return http.StatusOK, map[string]any{"ok": true}
}

func (s *Server) openView(args map[string]any) (map[string]any, refusal) {
	t := s.triggers[text(args, "trigger_id")]
	switch {
	case t == nil:
		return nil, "invalid_trigger_id"
	case t.used:
		return nil, "exchanged_trigger_id"
	case t.expired || time.Since(t.at) > s.AckWithin:
		return nil, "expired_trigger_id"
	}
	t.used = true
	raw, _ := json.Marshal(args["view"])
	s.report(checkView(raw))
	v := &View{ID: s.nextID("V"), User: t.user}
	s.fill(v, raw)
	s.views = append(s.views, v)
	return map[string]any{"view": s.wire(*v, nil)}, ""
}

func (s *Server) updateView(args map[string]any) (map[string]any, refusal) {
	v := s.view(text(args, "view_id"))
	if v == nil || v.Closed {
		return nil, "not_found"
	}
	if hash := text(args, "hash"); hash != "" && hash != v.Hash {
		return nil, "hash_conflict"
	}
	raw, _ := json.Marshal(args["view"])
	s.report(checkView(raw))
	s.fill(v, raw)
	return map[string]any{"view": s.wire(*v, nil)}, ""
}

func (s *Server) publishView(args map[string]any) (map[string]any, refusal) {
	user := text(args, "user_id")
	if _, ok := s.users[user]; !ok {
		return nil, "user_not_found"
	}
	raw, _ := json.Marshal(args["view"])
	s.report(checkView(raw))
	v := &View{ID: s.nextID("V"), User: user}
	s.fill(v, raw)
	s.homes[user] = v
	return map[string]any{"view": s.wire(*v, nil)}, ""
}

// CloseView closes a modal, as the person does with its cross.
func (s *Server) CloseView(v View) {
	s.update(func() {
		if open := s.view(v.ID); open != nil {
			open.Closed = true
		}
	})
}

// view finds a modal. The lock is held.
func (s *Server) view(id string) *View {
	for _, v := range s.views {
		if v.ID == id {
			return v
		}
	}
	for _, v := range s.homes {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// report fails the test for every limit that was broken.
func (s *Server) report(problems []string) {
	for _, p := range problems {
		s.t.Errorf("slacktest: %s", p)
	}
}

func (s *Server) usergroupsList(map[string]any) (map[string]any, refusal) {
	groups := []any{}
	for _, id := range slices.Sorted(maps.Keys(s.groups)) {
		groups = append(groups, map[string]any{"id": id, "team_id": s.team, "is_usergroup": true, "name": s.groups[id].handle, "handle": s.groups[id].handle, "date_delete": 0})
	}
	return map[string]any{"usergroups": groups}, ""
}

func (s *Server) usergroupsUsers(args map[string]any) (map[string]any, refusal) {
	g := s.groups[text(args, "usergroup")]
	if g == nil {
		return nil, "no_such_subteam"
	}
	return map[string]any{"users": append([]string{}, g.users...)}, ""
}
