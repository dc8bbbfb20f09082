package slacktest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// newTrigger makes a trigger_id. The lock is held.
func (s *Server) newTrigger(user string) string {
	id := s.nextID("trigger.")
	s.triggers[id] = &trigger{user: user, at: time.Now()}
	return id
}

// newResponseURL makes a response_url. The lock is held.
func (s *Server) newResponseURL(channel, user, replaces string) string {
	id := s.nextID("r")
	s.urls[id] = &responseURL{channel: channel, user: user, replaces: replaces}
	return s.base() + "/respond/" + id
}

// ExpireTriggers makes every trigger_id given so far too old.
func (s *Server) ExpireTriggers() {
	s.update(func() {
		for _, t := range s.triggers {
			t.expired = true
		}
	})
}

// NewTriggersExpire makes the trigger_ids of what follows too old from the
// start, as when the network was slow.
func (s *Server) NewTriggersExpire() {
	s.Fail("views.open", Fault{Error: "expired_trigger_id", Times: -1})
}

// DirectChannel is the conversation of a person with the bot.
func DirectChannel(user string) string { return "D" + strings.TrimPrefix(user, "U") }

func (s *Server) channelName(id string) string {
	if strings.HasPrefix(id, "D") {
		return "directmessage"
	}
	return s.channels[id].Name
}

// Slash types a command: command with its slash, text as Slack escapes it. It
// returns the envelope's id.
func (s *Server) Slash(team, channel, user, command, text string) string {
	s.t.Helper()
	var p map[string]any
	s.update(func() {
		p = map[string]any{
			"token": "legacy", "team_id": team, "team_domain": "test", "channel_id": channel, "channel_name": s.channelName(channel),
			"user_id": user, "user_name": s.users[user].Name, "command": command, "text": text, "api_app_id": appID,
			"is_enterprise_install": s.org != "", "enterprise_id": s.org, "response_url": s.newResponseURL(channel, user, ""), "trigger_id": s.newTrigger(user),
		}
	})
	return s.deliver("slash_commands", p, "")
}

// Press presses the button with this label or command, as the person.
func (s *Server) Press(m Message, user, labelOrCommand string) string {
	s.t.Helper()
	for _, b := range m.Buttons() {
		if b.Label == labelOrCommand || b.Command == labelOrCommand {
			return s.act(m, user, map[string]any{"type": "button", "action_id": b.ActionID, "value": b.Command})
		}
	}
	s.t.Fatalf("slacktest: no button %q on %q", labelOrCommand, m.Words())
	return ""
}

// Choose picks the option with this label or value from a message's only menu that has it.
func (s *Server) Choose(m Message, user, labelOrValue string) string {
	s.t.Helper()
	for _, menu := range m.Menus() {
		for _, o := range menu.Options {
			if o.Label == labelOrValue || o.Value == labelOrValue {
				return s.act(m, user, map[string]any{"type": "static_select", "action_id": menu.ActionID,
					"selected_option": map[string]any{"text": map[string]any{"type": "plain_text", "text": o.Label}, "value": o.Value}})
			}
		}
	}
	s.t.Fatalf("slacktest: no menu offers %q", labelOrValue)
	return ""
}

// act is a press or a choice on a message.
func (s *Server) act(m Message, user string, action map[string]any) string {
	s.t.Helper()
	var p map[string]any
	s.update(func() {
		action["block_id"], action["action_ts"] = "b", s.nextID("1700000000.")
		container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.Ephemeral}
		if m.ThreadTS != "" {
			container["thread_ts"] = m.ThreadTS
		}
		p = map[string]any{
			"type": "block_actions", "user": s.user(user), "api_app_id": appID, "token": "legacy",
			"team": s.teamOf(), "container": container,
			"channel": map[string]any{"id": m.Channel, "name": s.channelName(m.Channel)}, "enterprise": nil,
			"trigger_id": s.newTrigger(user), "response_url": s.newResponseURL(m.Channel, user, m.TS),
			"state": map[string]any{"values": map[string]any{}}, "actions": []any{action},
		}
		if !m.Ephemeral {
			p["message"] = map[string]any{"type": "message", "user": s.bot, "bot_id": botID, "ts": m.TS, "text": m.Text, "blocks": m.Blocks, "team": s.team}
			if m.Metadata != nil {
				p["message"].(map[string]any)["metadata"] = m.Metadata
			}
		}
	})
	return s.deliver("interactive", p, "")
}

// PressInView presses a button of a modal or the Home tab.
func (s *Server) PressInView(v View, labelOrCommand string) string {
	s.t.Helper()
	for _, b := range buttonsOf(v.Blocks) {
		if b.Label != labelOrCommand && b.Command != labelOrCommand {
			continue
		}
		var p map[string]any
		s.update(func() {
			p = map[string]any{
				"type": "block_actions", "user": s.user(v.User), "api_app_id": appID, "token": "legacy",
				"team": s.teamOf(), "container": map[string]any{"type": "view", "view_id": v.ID},
				"trigger_id": s.newTrigger(v.User), "view": s.wire(v, nil),
				"actions": []any{map[string]any{"type": "button", "action_id": b.ActionID, "block_id": "b", "value": b.Command, "action_ts": s.nextID("1700000000.")}},
			}
		})
		return s.deliver("interactive", p, "")
	}
	s.t.Fatalf("slacktest: no button %q in the view", labelOrCommand)
	return ""
}

// Submit sends a modal with these values, by the input's label or block_id.
// Inputs that are not named keep what they were filled with.
func (s *Server) Submit(v View, values map[string]string) string {
	s.t.Helper()
	inputs := v.inputs()
	state := map[string]map[string]any{}
	values = maps.Clone(values)
	for block, in := range inputs {
		value, given := values[in.Label]
		if byID, ok := values[block]; ok {
			value, given = byID, true
		}
		delete(values, in.Label)
		delete(values, block)
		if !given {
			value = in.Value
		}
		if value == "" && !in.Optional {
			s.t.Fatalf("slacktest: the client would not send the modal without %q", in.Label)
		}
		state[block] = map[string]any{in.ActionID: in.wire(value)}
	}
	for name := range values {
		s.t.Fatalf("slacktest: the modal has no input %q; it has %v", name, v.Labels())
	}
	var p map[string]any
	s.update(func() {
		p = map[string]any{
			"type": "view_submission", "user": s.user(v.User), "api_app_id": appID, "token": "legacy",
			"team": s.teamOf(), "trigger_id": s.newTrigger(v.User), "view": s.wire(v, state), "response_urls": []any{},
		}
		if open := s.view(v.ID); open != nil {
			open.typed = state
		}
	})
	return s.deliver("interactive", p, v.ID)
}

// Suggest types into an input that looks its choices up, and returns the
// envelope's id; WaitAck gives the choices.
func (s *Server) Suggest(v View, label, typed string) string {
	s.t.Helper()
	for block, in := range v.inputs() {
		if in.Label == label {
			var p map[string]any
			s.update(func() {
				p = map[string]any{
					"type": "block_suggestion", "user": s.user(v.User), "api_app_id": appID, "token": "legacy",
					"team": s.teamOf(), "container": map[string]any{"type": "view", "view_id": v.ID},
					"view": s.wire(v, nil), "action_id": in.ActionID, "block_id": block, "value": typed,
				}
			})
			return s.deliver("interactive", p, "")
		}
	}
	s.t.Fatalf("slacktest: the modal has no input %q", label)
	return ""
}

// OnMessage uses a message shortcut on somebody's message.
func (s *Server) OnMessage(channel, user, author, callback, text string) string {
	s.t.Helper()
	var p map[string]any
	s.update(func() {
		p = map[string]any{
			"type": "message_action", "callback_id": callback, "user": s.user(user), "token": "legacy", "action_ts": s.nextID("1700000000."),
			"team": s.teamOf(), "channel": map[string]any{"id": channel, "name": s.channelName(channel)},
			"trigger_id": s.newTrigger(user), "response_url": s.newResponseURL(channel, user, ""), "message_ts": "1700000000.1",
			"message": map[string]any{"type": "message", "user": author, "ts": "1700000000.1", "text": text},
		}
	})
	return s.deliver("interactive", p, "")
}

// Anywhere uses a global shortcut, which belongs to no message and no channel.
func (s *Server) Anywhere(user, callback string) string {
	s.t.Helper()
	var p map[string]any
	s.update(func() {
		p = map[string]any{
			"type": "shortcut", "callback_id": callback, "user": s.user(user), "token": "legacy", "action_ts": s.nextID("1700000000."),
			"team": s.teamOf(), "trigger_id": s.newTrigger(user),
		}
	})
	return s.deliver("interactive", p, "")
}

// DM writes to the bot directly.
func (s *Server) DM(user, text string) string {
	s.t.Helper()
	return s.Event(map[string]any{"type": "message", "channel_type": "im", "channel": DirectChannel(user), "user": user, "text": text, "ts": s.ts()})
}

// Mention names the bot in a channel; thread is the parent's ts, or "".
func (s *Server) Mention(channel, user, text, thread string) string {
	s.t.Helper()
	event := map[string]any{"type": "app_mention", "channel": channel, "user": user, "text": "<@" + s.bot + "> " + text, "ts": s.ts()}
	if thread != "" {
		event["thread_ts"] = thread
	}
	return s.Event(event)
}

// OpenHome looks at the bot's Home tab.
func (s *Server) OpenHome(user string) string {
	s.t.Helper()
	return s.Event(map[string]any{"type": "app_home_opened", "user": user, "channel": DirectChannel(user), "tab": "home", "event_ts": s.ts()})
}

// Event delivers any event of the Events API.
func (s *Server) Event(event map[string]any) string {
	s.t.Helper()
	var p map[string]any
	s.update(func() {
		p = map[string]any{"token": "legacy", "team_id": s.team, "api_app_id": appID, "type": "event_callback",
			"event_id": s.nextID("Ev"), "event_time": 1700000000, "event": event,
			"authorizations": []any{map[string]any{"enterprise_id": s.org, "team_id": s.team, "user_id": s.bot, "is_bot": true, "is_enterprise_install": s.org != ""}}}
	})
	return s.deliver("events_api", p, "")
}

// ChangeUser changes a member and tells of it.
func (s *Server) ChangeUser(u User) string {
	s.t.Helper()
	s.AddUser(u)
	var profile map[string]any
	s.update(func() { profile = s.users[u.ID].profile() })
	return s.Event(map[string]any{"type": "user_change", "user": profile, "cache_ts": 1700000000, "event_ts": s.ts()})
}

func (s *Server) ts() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nextID("1700000000.")
}

// teamOf is the workspace as interactions name it.
func (s *Server) teamOf() map[string]any { return map[string]any{"id": s.team, "domain": "test"} }

func (s *Server) user(id string) map[string]any {
	u := s.users[id]
	return map[string]any{"id": id, "username": u.Name, "name": u.Name, "team_id": u.Team}
}

// UseHTTP delivers from now on as signed requests to this address instead of
// over a socket.
func (s *Server) UseHTTP(endpoint string) { s.update(func() { s.endpoint = endpoint }) }

// post sends an envelope's payload as Slack's HTTP transport does; the answer
// is the acknowledgement.
func (s *Server) post(endpoint, id string, d *delivery) {
	payload, _ := json.Marshal(d.envelope["payload"])
	body, contentType := payload, "application/json"
	switch d.envelope["type"] {
	case "interactive":
		body, contentType = []byte(url.Values{"payload": {string(payload)}}.Encode()), "application/x-www-form-urlencoded"
	case "slash_commands":
		form := url.Values{}
		for k, v := range d.envelope["payload"].(map[string]any) {
			form.Set(k, fmt.Sprint(v))
		}
		body, contentType = []byte(form.Encode()), "application/x-www-form-urlencoded"
	}
	req := SignedRequest(endpoint, contentType, body, time.Now())
	if n, _ := d.envelope["retry_attempt"].(int); n > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(n))
	}
	resp, err := s.http.Client().Do(req)
	if err != nil {
		s.t.Errorf("slacktest: delivering %s: %v", id, err)
		return
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if resp.StatusCode != http.StatusOK {
		s.t.Errorf("slacktest: delivering %s: %s: %.200s", id, resp.Status, answer)
		return
	}
	s.acknowledged(id, bytes.TrimSpace(answer))
}

// SignedRequest is a request as Slack signs it at that time.
func SignedRequest(endpoint, contentType string, body []byte, at time.Time) *http.Request {
	req, err := http.NewRequest(http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		panic(err) // an address that cannot be parsed: a mistake in the test
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(SigningSecret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return req
}
