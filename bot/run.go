package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// Config is what a Bot is made of.
type Config struct {
	Table []Command
	// Direct answers words that are no command, sent to the bot alone or to it
	// by name. The words are in Args["words"].
	Direct Handler
	// Wordless answers what holds nothing to read (see Request.Wordless). It waits for
	// nothing: nobody knows what was said.
	Wordless Handler
	// Half answers what was typed as a command and is none. The words are in
	// Args["words"], without their slash; Path is what of them is one. It is false
	// where they mean nothing: then the mistake is explained.
	Half func(ctx context.Context, r Request) (Reply, bool)
	// Screen looks at everything a person typed, before anything else is done
	// with it and whoever they are, and waits for nothing. What else it made of the words is the
	// handler's to use, as Request.Heard.
	Screen func(r Request, words string) (a Alarm, heard any)
	// Lines is what somebody in danger is told first, whatever else they asked for.
	// When ctx ends it says what it knows by then.
	Lines func(ctx context.Context, r Request) Message
	// Begin gives the context in which a request is carried out, from the screening
	// of its words to what comes after its answer. It must not wait for anything.
	Begin func(ctx context.Context) context.Context
	// Recognise may know more about who is asking than the platform does. It is
	// asked for commands alone, and for none that is urgent.
	Recognise func(ctx context.Context, r Request) Request
	// Zone is the time zone (IANA) of the times that somebody fills in; empty where it is
	// not known. Nil where no form asks for any.
	Zone func(ctx context.Context, r Request) string
	// After may add to a reply, for what the person has to be told at their
	// next command. Nothing is added to the lines for a crisis.
	After func(ctx context.Context, r Request, reply Reply) Reply
	// Look is told that a person (ID) has come to a place or left it, by the platform's
	// word or on somebody's suspicion. Removed is told that the bot is no longer in a
	// workspace (ID), Returned that it is there. They must not wait for long.
	// Answered is told of each request what came of it (a Reply's Code; "" when all went
	// well, "crisis" for the lines), and how long it took. Nil where nobody wants to know.
	Answered func(r Request, outcome string, took time.Duration)
	Look     func(ctx context.Context, person string)
	Removed  func(ctx context.Context, workspace string)
	Returned func(ctx context.Context, workspace string)
	// Arrived is told that somebody has just brought the bot to a place.
	Arrived func(ctx context.Context, at Arrival)
	// Opened is told that somebody looks at their conversation with the bot and has said
	// nothing: a request without words.
	Opened func(ctx context.Context, r Request)
	Log    *slog.Logger
}

// Alarm is how somebody's words sound.
type Alarm int

// The alarms.
const (
	// NoAlarm is everyday words.
	NoAlarm Alarm = iota
	// Uneasy words may mean danger, and may not: what they ask is answered, with a
	// line about where people are.
	Uneasy
	// InDanger is answered with Config.Lines before anything else.
	InDanger
)

const (
	// soon bounds all that is looked up for what is urgent: the lines for a crisis are
	// there within a second, whatever is broken.
	soon = 500 * time.Millisecond
	// besides is when they are shown without an answer to whatever else was asked in
	// the same words.
	besides = 700 * time.Millisecond
	// restTime bounds what is done when its person has the lines already.
	restTime = 2 * time.Minute
)

// Bot answers requests from a table. It is safe for use by many goroutines.
type Bot struct{ cfg Config }

// New checks the table and makes a Bot of it. The error joins every problem of
// the table.
func New(cfg Config) (*Bot, error) {
	if err := checkTable(cfg.Table); err != nil {
		return nil, fmt.Errorf("the command table: %w", err)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Bot{cfg: cfg}, nil
}

// Table is the commands, for those who register or print them.
func (b *Bot) Table() []Command { return b.cfg.Table }

// Look says that somebody (ID) has come or gone.
func (b *Bot) Look(ctx context.Context, person string) { b.happened(ctx, b.cfg.Look, person) }

// Removed says that the bot was taken out of a workspace (ID) for good, not for an
// outage.
func (b *Bot) Removed(ctx context.Context, workspace string) {
	b.happened(ctx, b.cfg.Removed, workspace)
}

// Returned says that the bot is in a workspace (ID).
func (b *Bot) Returned(ctx context.Context, workspace string) {
	b.happened(ctx, b.cfg.Returned, workspace)
}

// Arrival is where the bot was brought to: a workspace, and a room of it in which people
// can be greeted (IDs). Room is empty where the platform knows none.
type Arrival struct{ Workspace, Room string }

// Arrived says that somebody has just brought the bot to a place.
func (b *Bot) Arrived(ctx context.Context, at Arrival) {
	if b.cfg.Arrived == nil || at.Workspace == "" {
		return
	}
	b.guard(ctx, Request{}, func() { b.cfg.Arrived(ctx, at) })
}

// Opened says that somebody looks at their conversation with the bot (see [Config]).
func (b *Bot) Opened(ctx context.Context, r Request) {
	if b.cfg.Opened == nil || r.From.ID == "" {
		return
	}
	r.From.Name = tidyName(r.From.Name)
	b.guard(ctx, r, func() { b.cfg.Opened(ctx, r) })
}

// happened passes on what nobody waits for an answer to.
func (b *Bot) happened(ctx context.Context, tell func(context.Context, string), id string) {
	if tell == nil || id == "" {
		return
	}
	b.guard(ctx, Request{}, func() { tell(ctx, id) })
}

// Find is the command of a table at a path, or nil.
func Find(level []Command, path []string) *Command {
	var cmd *Command
	for _, name := range path {
		if cmd = pick(level, name); cmd == nil {
			return nil
		}
		level = cmd.Subs
	}
	return cmd
}

// Listed is the part of a table that a platform lists: without what is typed or stands
// behind buttons, and without what then holds nothing.
func Listed(table []Command) []Command {
	var out []Command
	for _, cmd := range table {
		if subs := Listed(cmd.Subs); !cmd.Typed && (len(cmd.Subs) == 0 || len(subs) > 0) {
			cmd.Subs = subs
			out = append(out, cmd)
		}
	}
	return out
}

// Do carries out a request. It always has an answer, unless it is late: mistakes are explained,
// and a fault of ours is logged without the person's words and apologised for.
func (b *Bot) Do(ctx context.Context, r Request) Reply {
	begun := time.Now()
	reply := b.do(ctx, r)
	if b.cfg.Answered != nil {
		outcome := reply.Code
		if reply.Crisis {
			outcome = OutcomeCrisis
		}
		b.guard(ctx, r, func() { b.cfg.Answered(r, outcome, time.Since(begun)) })
	}
	return reply
}

// OutcomeCrisis is what came of a request that was answered with the lines for a crisis.
const OutcomeCrisis = "crisis"

func (b *Bot) do(ctx context.Context, r Request) Reply {
	r.From.Name = tidyName(r.From.Name)
	if b.cfg.Begin != nil {
		ctx = b.cfg.Begin(ctx)
	}
	h := r.Hearing
	if !h.of(r) {
		h = b.Hear(ctx, r)
	}
	alarm := h.alarm
	r.Heard, r.Hearing = h.heard, nil
	if r.Late {
		return b.late(ctx, r, alarm)
	}
	if b.hurried(r, alarm) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, soon)
		defer cancel()
	}
	reply := b.screened(ctx, r, alarm)
	if f := reply.Form; f != nil && f.Zone == "" && f.AsksForTimes() && b.cfg.Zone != nil {
		b.guard(ctx, r, func() { f.Zone = b.cfg.Zone(ctx, r) })
	}
	if b.cfg.After != nil && !reply.Crisis {
		b.guard(ctx, r, func() { reply = b.cfg.After(ctx, r, reply) })
	}
	return reply
}

// hurried says that all of a request must be answered at once: it changes nothing, and
// its person may be in danger.
func (b *Bot) hurried(r Request, alarm Alarm) bool {
	if r.Wordless {
		return true
	}
	cmd, _, err := b.resolve(r)
	if cmd == nil {
		return err == nil && alarm != NoAlarm
	}
	return cmd.Urgent
}

// guard does something that can be done without: a panic in it is logged, and what
// was known before stays. A fault there must not cost anybody their answer, nor
// everybody the bot.
func (b *Bot) guard(ctx context.Context, r Request, do func()) {
	defer func() {
		if p := recover(); p != nil {
			b.panicked(ctx, r, p)
		}
	}()
	do()
}

// panicked logs a panic without its words, which may be somebody's.
func (b *Bot) panicked(ctx context.Context, r Request, p any) {
	b.cfg.Log.ErrorContext(ctx, "a request panicked", "request", r, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
}

// late answers a request of which its person was told that it failed: danger, and
// what changes nothing. Any other has no answer.
func (b *Bot) late(ctx context.Context, r Request, alarm Alarm) Reply {
	if b.Urgent(r) {
		return b.screened(ctx, r, alarm)
	}
	if alarm == InDanger {
		if m := b.lines(ctx, r); m != nil {
			return Reply{Messages: []Message{*m}, Crisis: true}
		}
	}
	return Reply{Code: CodeLate}
}

// Urgent says that a request is for a command that is answered whatever else may
// be wrong (see Command.Urgent).
func (b *Bot) Urgent(r Request) bool {
	cmd, _, err := b.resolve(r)
	return err == nil && cmd != nil && cmd.Urgent
}

// Confidential says that a request is for a command whose answer stays in no chat (see
// Command.Confidential).
func (b *Bot) Confidential(r Request) bool {
	cmd, _, err := b.resolve(r)
	return err == nil && cmd != nil && cmd.Confidential
}

// Hearing is what a Bot made of the words of one request.
type Hearing struct {
	line, words string
	path        []string
	alarm       Alarm
	heard       any
}

// Hear screens the words of a request, for an adapter that has to know how they sound
// before it knows the rest of it. In Request.Hearing they need not be screened again.
func (b *Bot) Hear(ctx context.Context, r Request) *Hearing {
	h := &Hearing{line: r.Line, words: typedWords(r), path: r.Path}
	if b.cfg.Screen != nil && h.words != "" {
		b.guard(ctx, r, func() { h.alarm, h.heard = b.cfg.Screen(r, h.words) })
	}
	return h
}

// Pressing says that the words may mean danger, so that their answer must not wait for
// what could be done without.
func (h *Hearing) Pressing() bool { return h.alarm != NoAlarm }

// of says that these very words were heard. Others never pass for them.
func (h *Hearing) of(r Request) bool {
	return h != nil && h.line == r.Line && h.words == typedWords(r) && slices.Equal(h.path, r.Path)
}

// lines is what somebody in danger is told first; nil when there is nothing to tell.
func (b *Bot) lines(ctx context.Context, r Request) (m *Message) {
	if b.cfg.Lines == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	b.guard(ctx, r, func() { m = new(b.cfg.Lines(ctx, r)) })
	return m
}

// screened answers danger first and then does what was asked all the same: a
// frightened person's request for a ride must not get lost either.
func (b *Bot) screened(ctx context.Context, r Request, alarm Alarm) Reply {
	if alarm != InDanger {
		return b.answer(ctx, r)
	}
	begun := time.Now()
	danger := b.lines(ctx, r)
	reply := b.meanwhile(ctx, r, begun.Add(besides))
	if danger == nil || reply.Crisis {
		return reply
	}
	if reply.Form != nil && len(reply.Messages) == 0 {
		reply.Messages = []Message{{Text: "When you are ready, you can go on with what you started. Your words are still there."}}
	}
	reply.Messages = append([]Message{*danger}, reply.Messages...)
	reply.Crisis, reply.Update = true, false
	return reply
}

// meanwhile does what somebody in danger asked for beside. When that takes a while it
// goes on without them: the lines do not wait for it.
func (b *Bot) meanwhile(ctx context.Context, r Request, until time.Time) Reply {
	if b.hurried(r, InDanger) {
		return b.answer(ctx, r)
	}
	done := make(chan Reply, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), restTime)
		defer cancel()
		reply := sorry()
		b.guard(ctx, r, func() { reply = b.answer(ctx, r) })
		done <- reply
	}()
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case reply := <-done:
		return reply
	case <-timer.C:
		return Say(Message{Text: "I am still working on the rest of what you asked. Please look in a few minutes whether it is done, and ask again if it is not."})
	}
}

// typedWords is everything in a request that came from somebody's keyboard.
func typedWords(r Request) string {
	words := r.Line
	if len(r.Args) == 0 {
		return strings.TrimSpace(words)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Args)) {
		words += "\n" + r.Args[name]
	}
	return strings.TrimSpace(words)
}

// answer finds, checks and runs the command.
func (b *Bot) answer(ctx context.Context, r Request) Reply {
	if r.Wordless && b.cfg.Wordless != nil {
		return b.run(ctx, b.cfg.Wordless, r)
	}
	cmd, r, err := b.resolve(r)
	if cmd != nil && !cmd.Urgent && b.cfg.Recognise != nil {
		b.guard(ctx, r, func() { r = b.cfg.Recognise(ctx, r) })
	}
	if cmd != nil && cmd.Who == Moderators && !r.From.Moderator {
		return b.failed(ctx, r, NotAllowed(r))
	}
	if err != nil {
		if reply, ok := b.half(ctx, r, err); ok {
			return reply
		}
		return b.failed(ctx, r, err)
	}
	if cmd == nil {
		return b.run(ctx, b.cfg.Direct, r)
	}
	return b.carryOut(ctx, cmd, r)
}

// carryOut runs a command, unless its options have to be asked for first.
func (b *Bot) carryOut(ctx context.Context, cmd *Command, r Request) Reply {
	if form, err := b.read(ctx, cmd, &r); err != nil && cmd.Anyhow {
		r.Args = map[string]string{}
	} else if err != nil {
		return b.refused(ctx, cmd, r, err)
	} else if form != nil {
		return Reply{Form: form}
	}
	reply := b.run(ctx, cmd.Run, r)
	if reply.Code != "" && reply.Form == nil {
		reply.Form = formFor(cmd, r, true, reply.Code)
	}
	return reply
}

// half lets words be understood that only look like a command, where there are
// several of them.
func (b *Bot) half(ctx context.Context, r Request, err error) (reply Reply, ok bool) {
	words := strings.TrimLeft(strings.TrimSpace(r.Line), "/ ")
	var e *Error
	if b.cfg.Half == nil || !errors.As(err, &e) || e.Code != CodeUnknownCommand || len(r.Path) == 0 && len(e.Buttons) > 0 || len(strings.Fields(words)) < 3 || len(words) > maxTyped {
		return reply, false
	}
	r.Args = map[string]string{"words": words}
	b.guard(ctx, r, func() { reply, ok = b.cfg.Half(ctx, r) })
	return reply, ok
}

// resolve turns a typed line into a command with arguments. No command and no
// error means words to be answered as they are.
func (b *Bot) resolve(r Request) (*Command, Request, error) {
	if r.Line != "" && len(r.Path) == 0 {
		if !strings.HasPrefix(strings.TrimSpace(r.Line), "/") {
			if b.cfg.Direct == nil {
				return nil, r, &Error{Code: CodeUnknownCommand, Say: "I only know commands.", Hint: "Type /help to see them."}
			}
			if len(r.Line) > maxTyped {
				r.Line = strings.ToValidUTF8(r.Line[:maxTyped], "")
			}
			r.Args = map[string]string{"words": strings.TrimSpace(r.Line)}
			return nil, r, nil
		}
		f, args, err := parseLine(b.cfg.Table, r.Line)
		r.Path, r.Args = f.words, args
		if err != nil && f.Command != nil && f.Anyhow {
			r.Args, err = nil, nil
		}
		return f.Command, r, err
	}
	cmd := Find(b.cfg.Table, r.Path)
	if cmd == nil || cmd.Run == nil {
		f, _, err := findCommand(b.cfg.Table, strings.Join(r.Path, " "))
		if err == nil { // cannot be: the path would have been found
			err = &Error{Code: CodeUnknownCommand, Say: "I don't know that command.", Hint: "Type /help to see what I can do."}
		}
		return f.Command, r, err
	}
	return cmd, r, nil
}

// NotAllowed refuses what is for moderators.
func NotAllowed(r Request) error {
	if r.Room.Direct {
		return &Error{Code: CodeNotAllowed,
			Say:  "This is for moderators, and in a direct message I cannot see whether you are one.",
			Hint: "Please type it in a channel of your group. Only you will see the answer."}
	}
	return &Error{Code: CodeNotAllowed,
		Say:  "Only the moderators of this group can do that.",
		Hint: "If you need it done, please ask one of them. They can also let you do such things: /setup trust with your name, or with a role that you have."}
}

// read checks the arguments and puts their canonical form into r. A form means
// that something required is missing and can be asked for.
func (b *Bot) read(ctx context.Context, cmd *Command, r *Request) (*Form, error) {
	args := make(map[string]string, len(r.Args))
	for _, o := range cmd.Options {
		value, err := o.read(r.Args[o.Name], r.Platform)
		if err != nil {
			return nil, withExample(err, cmd)
		}
		if value != "" {
			args[o.Name] = value
		}
	}
	for name := range r.Args {
		if _, known := args[name]; !known && !(found{Command: cmd}).has(name) {
			return nil, &Error{Code: CodeUnknownOption, Say: fmt.Sprintf("I don't know “%s:” here.", clip(name, 32)), Hint: "For example: " + cmd.Example}
		}
	}
	r.Args = args
	if err := b.findNamed(ctx, cmd, r); err != nil {
		return nil, err
	}
	return b.lacking(ctx, cmd, r)
}

// lacking asks for what is required and was not said: which one of several, or with the
// command's form.
func (b *Bot) lacking(ctx context.Context, cmd *Command, r *Request) (*Form, error) {
	var missing []string
	var lacks []Option
	for _, o := range cmd.Options {
		if o.Required && r.Args[o.Name] == "" {
			missing, lacks = append(missing, fmt.Sprintf("“%s” (%s)", o.Name, o.Summary)), append(lacks, o)
		}
	}
	if len(missing) == 0 {
		return nil, nil
	}
	asksForm := cmd.Form != "" && !r.Submitted
	if asksForm || len(lacks) == 1 {
		if buttons := b.picks(ctx, cmd, *r, lacks[0], ""); len(buttons) > 0 {
			return nil, whichOne("Which one do you mean?", buttons)
		}
		if lacks[0].Kind == Ref && lacks[0].Complete != nil {
			return nil, &Error{Code: CodeOptionMissing, Say: "I find nothing that this could be about just now.", Hint: "For example: " + cmd.Example}
		}
	}
	if asksForm {
		return formFor(cmd, *r, false, ""), nil
	}
	return nil, &Error{Code: CodeOptionMissing, Say: "I still need " + strings.Join(missing, " and ") + ".", Hint: "For example: " + cmd.Example}
}

// refused explains a mistake in the arguments and offers the command's form
// with everything that was typed, so that nothing has to be typed twice.
func (b *Bot) refused(ctx context.Context, cmd *Command, r Request, err error) Reply {
	reply := b.failed(ctx, r, err)
	if len(reply.Messages[0].Buttons) == 0 {
		reply.Form = formFor(cmd, r, true, reply.Code)
	}
	return reply
}

func (b *Bot) run(ctx context.Context, h Handler, r Request) (reply Reply) {
	defer func() {
		if p := recover(); p != nil {
			b.panicked(ctx, r, p)
			reply = sorry()
		}
	}()
	reply, err := h(ctx, r)
	if err != nil {
		return b.failed(ctx, r, err)
	}
	return reply
}

// Complete suggests values for an option while it is being typed.
func (b *Bot) Complete(ctx context.Context, r Request, option, typed string) (picks []Pick) {
	defer func() {
		if p := recover(); p != nil {
			b.panicked(ctx, r, p)
			picks = nil
		}
	}()
	cmd := Find(b.cfg.Table, r.Path)
	if cmd == nil || cmd.Who == Moderators && !r.From.Moderator {
		return nil
	}
	for _, o := range cmd.Options {
		if o.Name == option && o.Complete != nil {
			picks = o.Complete(ctx, r, typed)
			return picks[:min(len(picks), maxPicks)]
		}
	}
	return nil
}

// LogValue keeps people's words and names out of the logs: the command, the
// platform, and hashes of the ids, which tell two people apart and no more.
func (r Request) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("command", "/"+strings.Join(r.Path, " ")),
		slog.String("platform", r.Platform),
		slog.String("workspace", HashID(r.Workspace)),
		slog.String("person", HashID(r.From.ID)),
	)
}

// HashID shortens an ID to something that can stand in a log.
func HashID(id string) string {
	if id == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:4])
}
