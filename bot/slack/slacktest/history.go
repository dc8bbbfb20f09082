package slacktest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// historyScopes are what reading in a conversation takes, by how its id begins.
func historyScope(channel string) string {
	if strings.HasPrefix(channel, "D") {
		return "im:history"
	}
	return "channels:history"
}

// conversationsHistory gives a conversation's messages, the newest first, a page at a
// time.
func (s *Server) conversationsHistory(args map[string]any) (map[string]any, refusal) {
	channel := text(args, "channel")
	if no := s.reachable(channel); no != "" {
		return nil, no
	}
	if !slices.Contains(strings.Split(s.scopes, ","), historyScope(channel)) {
		return nil, "missing_scope"
	}
	oldest, err := strconv.ParseInt(text(args, "oldest"), 10, 64)
	if err != nil {
		return nil, "invalid_ts_oldest"
	}
	limit, err := strconv.Atoi(text(args, "limit"))
	if err != nil {
		return nil, "invalid_limit"
	}
	var all []map[string]any
	for _, m := range slices.Backward(s.messages) {
		if m.Channel != channel || m.Ephemeral || m.At.Before(time.Unix(oldest, 0)) {
			continue
		}
		shown := map[string]any{"type": "message", "user": s.bot, "bot_id": botID, "ts": m.TS, "text": m.Text, "blocks": m.Blocks}
		if m.Metadata != nil && text(args, "include_all_metadata") == "1" {
			shown["metadata"] = m.Metadata
		}
		all = append(all, shown)
	}
	from, next := 0, ""
	if cursor := text(args, "cursor"); cursor != "" {
		if from, err = strconv.Atoi(cursor); err != nil || from > len(all) {
			return nil, "invalid_cursor"
		}
	}
	all = all[from:]
	if len(all) > limit {
		all, next = all[:limit], strconv.Itoa(from+limit)
	}
	return map[string]any{"messages": all, "has_more": next != "", "response_metadata": map[string]any{"next_cursor": next}}, ""
}

// deleteMessage takes away a message of the bot's own.
func (s *Server) deleteMessage(args map[string]any) (map[string]any, refusal) {
	channel, ts := text(args, "channel"), text(args, "ts")
	i := slices.IndexFunc(s.messages, func(m *Message) bool { return m.Channel == channel && m.TS == ts && !m.Ephemeral })
	if i < 0 {
		return nil, "message_not_found"
	}
	s.messages = slices.Delete(s.messages, i, i+1)
	return map[string]any{"channel": channel, "ts": ts}, ""
}
