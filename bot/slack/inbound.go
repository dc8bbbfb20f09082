package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
)

// Payloads are read into types of our own that hold what we use: slack-go's
// decode the whole message around a pressed button, and one block they do not
// know the shape of costs the press.

// interaction is what somebody did with a button, a menu, a form or a shortcut.
type interaction struct {
	Type        string `json:"type"`
	CallbackID  string `json:"callback_id"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	Team        struct {
		ID string `json:"id"`
	} `json:"team"`
	Enterprise struct {
		ID string `json:"id"`
	} `json:"enterprise"`
	User struct {
		ID       string `json:"id"`
		Username string `json:"username"`
		Name     string `json:"name"`
	} `json:"user"`
	Channel struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"channel"`
	Container struct {
		MessageTS   string `json:"message_ts"`
		ThreadTS    string `json:"thread_ts"`
		IsEphemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message struct {
		User     string                `json:"user"`
		BotID    string                `json:"bot_id"`
		Team     string                `json:"team"`
		Text     string                `json:"text"`
		ThreadTS string                `json:"thread_ts"`
		Metadata slackgo.SlackMetadata `json:"metadata"`
	} `json:"message"`
	Actions []pressed `json:"actions"`
	View    *view     `json:"view"`
	// Of a lookup while typing:
	BlockID string `json:"block_id"`
	Value   string `json:"value"`
}

// pressed is one button or menu that was used.
type pressed struct {
	ActionID       string `json:"action_id"`
	Value          string `json:"value"`
	SelectedOption *struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// view is a modal or a Home tab.
type view struct {
	ID              string `json:"id"`
	InstalledTeam   string `json:"app_installed_team_id"`
	Type            string `json:"type"`
	CallbackID      string `json:"callback_id"`
	PrivateMetadata string `json:"private_metadata"`
	State           struct {
		Values map[string]map[string]filled `json:"values"`
	} `json:"state"`
}

// filled is the state of an input.
type filled struct {
	Value                string `json:"value"`
	SelectedDate         string `json:"selected_date"`
	SelectedTime         string `json:"selected_time"`
	SelectedUser         string `json:"selected_user"`
	SelectedConversation string `json:"selected_conversation"`
	SelectedOption       *struct {
		Value string `json:"value"`
	} `json:"selected_option"`
	SelectedOptions []struct {
		Value string `json:"value"`
	} `json:"selected_options"`
}

// inbound is one delivery, whichever way it came.
type inbound struct {
	p *Platform
	// house finds the workspace that a delivery is for; p is set when it is found.
	house    house
	bot      *bot.Bot
	ack      func(payload any) // the first call counts
	envelope string
	key      string // by which a repeat is recognised
	// again says that Slack delivers it again when nobody has acknowledged it.
	again bool
	// urgent is what every copy answers without asking the others: it changes
	// nothing, so that twice does no harm.
	urgent bool
	// heard is what the bot made of the words. Where they may mean danger, what can be
	// done without is hardly waited for.
	heard *bot.Hearing
}

// take reads a delivery, finds the workspace it is for, acknowledges it and starts its
// handling. It does not wait for a handler. An error means that the payload could not be
// read.
func (in inbound) take(kind string, payload json.RawMessage) error {
	switch kind {
	case "slash_commands":
		var c slackgo.SlashCommand
		if err := json.Unmarshal(payload, &c); err != nil {
			return fmt.Errorf("a slash command: %w", wordless(err))
		}
		in.takeSlash(c)
	case "interactive":
		var i interaction
		if err := json.Unmarshal(payload, &i); err != nil {
			return fmt.Errorf("an interaction: %w", wordless(err))
		}
		in.at(i.addressed(), func(in inbound) { in.interaction(i) }, func(in inbound, why error) { in.strayInteraction(i, why) })
	case "events_api":
		var o occurrence
		if err := json.Unmarshal(payload, &o); err != nil {
			return fmt.Errorf("an event: %w", wordless(err))
		}
		in.at(o.addressed(), func(in inbound) { in.event(o) }, func(in inbound, _ error) { in.ack(nil) })
	default:
		return fmt.Errorf("a delivery of an unknown kind")
	}
	return nil
}

func (in inbound) takeSlash(c slackgo.SlashCommand) {
	in.at(addressedBy(c), func(in inbound) { in.slash(c) }, func(in inbound, why error) { in.straySlash(c, why) })
}

// wordless keeps people's words out of an error: only its kind is left.
func wordless(err error) error { return fmt.Errorf("%T", err) }

// pressing says that the words may mean danger.
func (in inbound) pressing() bool { return in.heard != nil && in.heard.Pressing() }

// hear notes what must be answered at once.
func (in *inbound) hear(r bot.Request) {
	in.urgent, in.heard = in.bot.Urgent(r), in.bot.Hear(context.Background(), r)
}

// looking is the context for what an answer can do without: who somebody is beyond
// their id, and whether they are alone with the bot.
func (in inbound) looking(ctx context.Context) (context.Context, context.CancelFunc) {
	if in.urgent || in.pressing() {
		return context.WithTimeout(ctx, lookSoon)
	}
	return ctx, func() {}
}

// signedIn waits until the bot knows who it is, which danger does not wait for. It is
// false when the delivery's time is over.
func (p *Platform) signedIn(ctx context.Context, danger bool) bool {
	if danger {
		return true
	}
	select {
	case <-p.ready:
		return true
	case <-ctx.Done():
		return false
	}
}

func (in inbound) slash(c slackgo.SlashCommand) {
	if in.repeated("trigger", c.TriggerID) {
		in.ack(nil)
		return
	}
	arrived := time.Now()
	line := in.p.ids.slashLine(in.bot.Table(), c.Command, c.Text)
	in.hear(bot.Request{Platform: "slack", Line: line})
	in.later(func(ctx context.Context) {
		o := &origin{done: in.ack, respond: in.p.responder(c.ResponseURL), trigger: c.TriggerID, arrived: arrived, channel: c.ChannelID, user: c.UserID}
		looking, looked := in.looking(ctx)
		defer looked()
		o.direct = in.p.isDirect(looking, c.ChannelID, c.UserID)
		r := in.p.request(looking, c.TeamID, c.UserID, c.UserName, bot.Room{ID: in.p.ids.of(c.ChannelID), Name: c.ChannelName, Direct: o.direct})
		r.Line, r.Hearing, r.Once = line, in.heard, "slack/"+c.TriggerID
		in.p.answer(ctx, in.bot, r, o)
	})
}

// slashLine is the line behind a slash command. What is no command of the table
// is a name under which all of them can be had, such as /village.
func (n ids) slashLine(table []bot.Command, command, text string) string {
	name := strings.TrimPrefix(command, "/")
	text = strings.TrimSpace(n.plainWords(text))
	for _, c := range table {
		if c.Name == name || slices.Contains(c.Was, name) {
			return strings.TrimSpace("/" + name + " " + text)
		}
	}
	if text = strings.TrimLeft(text, "/ "); text == "" {
		text = "help"
	}
	return "/" + text
}

func (in inbound) interaction(i interaction) {
	if i.Type == "block_suggestion" {
		in.suggest(i)
		return
	}
	if in.repeated("trigger", i.TriggerID) {
		in.ack(nil)
		return
	}
	switch i.Type {
	case "block_actions":
		in.pressed(i)
	case "view_submission":
		in.submitted(i)
	case "message_action":
		in.onMessage(i)
	case "shortcut":
		in.fromAnywhere(i)
	default:
		in.ack(nil)
	}
}

// pressed does what a button or a menu stands for. Buttons that only open a page
// are acknowledged and nothing else.
func (in inbound) pressed(i interaction) {
	line := ""
	for _, a := range i.Actions {
		if line = commandOf(a); line != "" {
			break
		}
	}
	if line == "" {
		in.ack(nil)
		return
	}
	in.hear(bot.Request{Platform: "slack", Line: line})
	arrived := time.Now()
	in.later(func(ctx context.Context) {
		o := &origin{
			done: in.ack, respond: in.p.responder(i.ResponseURL), trigger: i.TriggerID, arrived: arrived, channel: i.Channel.ID, user: i.User.ID,
			thread: i.Container.ThreadTS, ephemeral: i.Container.IsEphemeral,
		}
		if o.thread == "" {
			o.thread = i.Message.ThreadTS
		}
		if i.View != nil {
			o.fromView(*i.View)
		}
		looking, looked := in.looking(ctx)
		defer looked()
		o.direct = o.direct || o.channel == "" || in.p.isDirect(looking, o.channel, o.user)
		room := bot.Room{ID: in.p.ids.of(o.channel), Name: i.Channel.Name, Direct: o.direct}
		r := in.p.request(looking, i.Team.ID, i.User.ID, userName(i), room)
		r.Line, r.Once = line, "slack/"+i.TriggerID
		in.p.answer(ctx, in.bot, r, o)
		in.p.unlessStray(ctx, i)
	})
}

func userName(i interaction) string {
	if i.User.Username != "" {
		return i.User.Username
	}
	return i.User.Name
}

// submitted runs a form. Its acknowledgement says what becomes of the form, so it
// waits for the handler as long as Slack does.
func (in inbound) submitted(i interaction) {
	if i.View == nil || i.View.CallbackID != formCallback {
		in.ack(nil)
		return
	}
	in.p.start(func(ctx context.Context) {
		meta, err := readMeta(i.View.PrivateMetadata)
		if err != nil {
			in.p.log.WarnContext(ctx, "a form came back without what it carried", "error", err)
			in.ack(nil)
			return
		}
		o := &origin{
			respond: in.p.responder(meta.Respond), channel: meta.Channel, user: i.User.ID, thread: meta.Thread,
			direct: meta.Direct, viewID: i.View.ID, arrived: time.Now(),
		}
		o.respond.uses = meta.Uses
		room := bot.Room{ID: in.p.ids.of(o.channel), Name: meta.Room, Direct: o.direct}
		args := in.p.ids.submittedArgs(meta, *i.View)
		in.hear(bot.Request{Platform: "slack", Path: meta.Path, Args: args})
		in.p.answerForm(ctx, in, o, meta, func() bot.Request {
			looking, looked := in.looking(ctx)
			defer looked()
			r := in.p.request(looking, i.Team.ID, i.User.ID, userName(i), room)
			r.Path, r.Args, r.Hearing, r.Submitted = meta.Path, args, in.heard, true
			r.Once = "slack/" + i.TriggerID
			return r
		})
	})
}

// onMessage is the shortcut on a message of one's own.
func (in inbound) onMessage(i interaction) {
	arrived := time.Now()
	in.later(func(ctx context.Context) {
		o := &origin{done: in.ack, respond: in.p.responder(i.ResponseURL), trigger: i.TriggerID, arrived: arrived, channel: i.Channel.ID, user: i.User.ID, thread: i.Message.ThreadTS}
		o.direct = in.p.isDirect(ctx, o.channel, o.user)
		cmd, path := findShortcut(in.bot.Table(), i.CallbackID)
		if cmd == nil {
			return
		}
		if i.Message.User != i.User.ID {
			in.p.show(ctx, o, bot.Say(bot.Message{Text: "I only answer to messages you wrote yourself, so that nobody's words are passed on without them."}))
			return
		}
		r := in.p.request(ctx, i.Team.ID, i.User.ID, userName(i), bot.Room{ID: in.p.ids.of(o.channel), Name: i.Channel.Name, Direct: o.direct})
		r.Path, r.Args = path, map[string]string{cmd.Options[0].Name: in.p.ids.plainWords(i.Message.Text)}
		r.Once = "slack/" + i.TriggerID
		in.p.answer(ctx, in.bot, r, o)
	})
}

// fromAnywhere is a shortcut that belongs to no message and no channel: it is answered
// in a window of its own, as a button of the Home tab is.
func (in inbound) fromAnywhere(i interaction) {
	line := anywhere(in.bot.Table(), i.CallbackID)
	if line == "" {
		in.ack(nil)
		return
	}
	arrived := time.Now()
	in.later(func(ctx context.Context) {
		o := &origin{done: in.ack, respond: in.p.responder(""), trigger: i.TriggerID, arrived: arrived, user: i.User.ID, direct: true, home: true}
		looking, looked := in.looking(ctx)
		defer looked()
		r := in.p.request(looking, i.Team.ID, i.User.ID, userName(i), bot.Room{Direct: true})
		r.Line, r.Once = line, "slack/"+i.TriggerID
		in.p.answer(ctx, in.bot, r, o)
	})
}

// suggest answers while somebody is typing into a form.
func (in inbound) suggest(i interaction) {
	if i.View == nil {
		in.ack(noSuggestions())
		return
	}
	started := in.p.start(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, in.p.ackBy)
		defer cancel()
		// In time, whatever looks them up.
		defer context.AfterFunc(ctx, func() { in.ack(noSuggestions()) })()
		meta, err := readMeta(i.View.PrivateMetadata)
		if err != nil {
			in.ack(noSuggestions())
			return
		}
		r := in.p.request(ctx, i.Team.ID, i.User.ID, userName(i), bot.Room{ID: in.p.ids.of(meta.Channel), Name: meta.Room, Direct: meta.Direct})
		r.Path, r.Args = meta.Path, in.p.ids.submittedArgs(meta, *i.View)
		in.ack(suggestions(in.bot.Complete(ctx, r, optionOf(i.BlockID), i.Value)))
	})
	if !started {
		in.ack(noSuggestions())
	}
}

// slackbot is Slack's own voice. Nobody is there to be answered.
const slackbot = "USLACKBOT"

func (in inbound) event(o occurrence) {
	if in.repeated("event", o.EventID) {
		in.ack(nil)
		return
	}
	e, me := o.Event, in.p.me()
	if e.Subtype == "message_changed" {
		if now := e.changed(); now != nil {
			e = *now
			o.Event = e
		}
	}
	switch {
	case e.Type == "app_home_opened":
		in.opened(o.TeamID, e)
	case comesAndGoes(e):
		in.ack(nil)
		in.p.start(func(ctx context.Context) { in.p.someoneMoved(ctx, in.bot, e) })
	case e.Profile != nil:
		in.ack(nil)
		in.p.start(func(ctx context.Context) { in.p.profileChanged(ctx, in.bot, e.Profile) })
	case in.p.aboutTheApp(e):
		in.ack(nil)
		in.p.start(func(ctx context.Context) { in.p.comesOrGoes(ctx, in.bot, e) })
	case e.Type != "app_mention" && (e.Type != "message" || e.ChannelType != "im"),
		e.BotID != "", e.User == "" || e.User == me.user, e.User == slackbot,
		!slices.Contains([]string{"", "file_share", "thread_broadcast", "me_message"}, e.Subtype):
		in.ack(nil)
	default:
		in.again = true
		in.hear(in.p.asked(e))
		in.later(func(ctx context.Context) { in.said(ctx, o) })
	}
}

// opened fills the Home tab that somebody looks at, or says that they look at their messages.
func (in inbound) opened(team string, e event) {
	if e.Tab == "home" && in.p.cfg.Home != "" {
		in.later(func(ctx context.Context) { in.p.openHome(ctx, in.bot, team, e.User, e.Channel) })
		return
	}
	in.ack(nil)
	if e.Tab == "messages" {
		in.p.start(func(ctx context.Context) {
			in.bot.Opened(ctx, in.p.request(ctx, team, e.User, "", bot.Room{ID: in.p.ids.of(e.Channel), Direct: true}))
		})
	}
}

// wordsOf is what somebody wrote, without the bot's own name.
func (p *Platform) wordsOf(e event) string {
	return strings.TrimSpace(p.ids.plainWords(withoutMention(e.Text, p.me().user)))
}

// asked is what a message asks for. A recording, a picture or somebody else's words
// passed on have nothing in them that can be read; a bare name in a room is a question
// what the bot is.
func (p *Platform) asked(e event) bot.Request {
	r := bot.Request{Platform: "slack", Line: p.wordsOf(e)}
	if r.Line == "" {
		if r.Wordless = e.Type == "message" || len(e.Files) > 0; !r.Wordless {
			r.Line = "/help"
		}
	}
	return r
}

// said answers words: sent directly, or to the bot by name.
func (in inbound) said(ctx context.Context, oc occurrence) {
	e := oc.Event
	direct := e.Type == "message"
	o := &origin{done: in.ack, channel: e.Channel, user: e.User, thread: e.ThreadTS, direct: direct, arrived: time.Now()}
	looking, looked := in.looking(ctx)
	defer looked()
	r := in.p.request(looking, oc.TeamID, e.User, "", bot.Room{ID: in.p.ids.of(e.Channel), Direct: direct})
	asked := in.p.asked(e)
	r.Stays = direct
	r.Line, r.Wordless, r.Hearing, r.Once = asked.Line, asked.Wordless, in.heard, "slack/"+oc.EventID
	in.p.answer(ctx, in.bot, r, o)
}

// checkToken finds out whether the bot still may speak; an answer that says no ends Run.
func (p *Platform) checkToken(ctx context.Context) {
	if _, err := p.api.AuthTestContext(ctx); err != nil {
		p.log.WarnContext(ctx, "Slack does not say that it knows the bot", "error", err)
		return
	}
	p.known()
}

// known notes that Slack knows the bot, which is all there is to hear without a socket.
func (p *Platform) known() {
	if p.cfg.AppToken == "" {
		p.heard.Store(time.Now().Unix())
	}
}

// withoutMention takes the bot's own name out of words, wherever it stands.
func withoutMention(text, self string) string {
	rest := strings.TrimSpace(text)
	if self == "" {
		return rest
	}
	for _, form := range []string{"<@" + self + ">", "<@" + self + "|"} {
		before, after, ok := strings.Cut(rest, form)
		if !ok {
			continue
		}
		if strings.HasSuffix(form, "|") {
			_, after, _ = strings.Cut(after, ">")
		}
		return strings.TrimSpace(strings.TrimRight(before, " ,:") + " " + strings.TrimLeft(after, " ,:"))
	}
	return rest
}

// reference is anything that Slack writes in angle brackets.
var reference = regexp.MustCompile(`<([@#!]|[a-z][a-z0-9+.-]*:)[^<>\n]+>`)

// unescaper undoes the three escapes that Slack makes.
var unescaper = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// plainWords turns what Slack made of somebody's words back into words: people
// and rooms become IDs behind @ and #, links their addresses.
func (n ids) plainWords(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	s = reference.ReplaceAllStringFunc(s, func(ref string) string {
		target, label, labelled := strings.Cut(ref[1:len(ref)-1], "|")
		switch {
		case strings.HasPrefix(target, "@"):
			return "@" + n.of(target[1:])
		case strings.HasPrefix(target, "#"):
			return "#" + n.of(target[1:])
		case strings.HasPrefix(target, "!"):
			if labelled && label != "" {
				return label
			}
			name, _, _ := strings.Cut(target[1:], "^")
			return "@" + name
		case strings.HasPrefix(target, "mailto:"), strings.HasPrefix(target, "tel:"):
			_, address, _ := strings.Cut(target, ":")
			return address
		}
		return target
	})
	return unescaper.Replace(s)
}

// request is the part of a request that does not depend on what is asked.
func (p *Platform) request(ctx context.Context, team, user, name string, room bot.Room) bot.Request {
	// In a shared channel Slack names the workspace of whoever acts there, which
	// may be another company's. The group is that of the installation.
	if own := p.me().team; own != "" {
		team = own
	}
	who, locale := p.person(ctx, user, name)
	// In a direct message the group may be another one than this workspace's, so
	// rights from here do not count there.
	who.Manages = who.Moderator && room.Direct
	who.Moderator = who.Moderator && !room.Direct
	return bot.Request{Platform: "slack", Workspace: "slack/" + team, Room: room, From: who, Locale: locale}
}
