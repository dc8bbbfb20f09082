// Package bot is what a chat bot is, and nothing of what this one does: the
// vocabulary that handlers speak and platforms render. A [Command] is data,
// declared once in a table; a [Request] is a person using one; a [Reply] is
// the intent of an answer, which every platform renders as well as it can.
//
// Promised: a table is checked whole before anything starts, and whoever
// presses a button does exactly what typing its command would do. Not
// promised: that a message looks alike everywhere. It means the same.
package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Who may use a command. The zero value is nobody, and a table with such a
// command is refused: forgetting to decide must not open a door.
type Who int

// The people a command can be for.
const (
	Nobody Who = iota
	Anyone
	Moderators
)

// Command is one word of the table: either it does something (Run) or it
// gathers commands below it (Subs), one level deep.
type Command struct {
	// Name is 1 to 32 small letters, digits and hyphens.
	Name string
	// Summary says what it does for the reader, in 1 to 100 characters.
	Summary string
	// Example is a whole line that works, shown when somebody gets it wrong.
	Example string
	// Was are names it had before, which are understood for good.
	Was []string
	// Typed commands are understood wherever words are, and stand behind buttons;
	// no platform lists them. See Listed.
	Typed bool
	// Who may use it; commands below another inherit nothing and say it again.
	Who Who
	// Options in the order they are read when typed without names.
	Options []Option
	Subs    []Command
	// Usual names the one of Subs that a typed line means which names none of them:
	// "/journal felt held" for "/journal write felt held".
	Usual string
	// Bare names the one of Subs that the name alone means: "/setup" for "/setup show".
	Bare string
	// Form is the title (1 to 24 characters) of the form that asks for what is
	// missing. Without one, missing options are asked for in words.
	Form string
	// OnOwnMessage also offers the command on a message of one's own, whose
	// text fills the first option. The value is the label, 1 to 24 characters.
	OnOwnMessage string
	// Anywhere also offers the command from anywhere in the client, without a message or
	// a channel, where the platform has that. The value is the label, 1 to 24 characters.
	Anywhere string
	// Urgent commands change nothing, and are answered even when they come too late
	// for an ordinary answer (see Request.Late).
	Urgent bool
	// Anyhow runs the command without arguments when what stands behind its name
	// cannot be understood: nobody who calls for help is corrected first.
	Anyhow bool
	// Confidential answers say what is private: they are shown to their reader alone and
	// stay in no chat, also where somebody is alone with the bot. See Request.Stays.
	Confidential bool
	// Final commands cannot be taken back by whoever gave them: they are done by a tap
	// or by their name, and never because of what words are taken to mean.
	Final bool
	// In says it in other languages, by locale; see Translate.
	In  map[string]Local
	Run Handler
}

// Handler answers one request. An error that is a [*Error], or has a Person
// method, is said to the person; any other is logged and apologised for.
type Handler func(ctx context.Context, r Request) (Reply, error)

// Kind is what an option's words mean.
type Kind int

// The kinds of option. Platforms use pickers where they have them.
const (
	Words   Kind = iota // free text
	Choice              // one of Choices
	Number              // a whole number
	YesNo               // "yes" or "no"
	Time                // words for a time; forms may offer a date and a time picker
	Zone                // an IANA time zone
	Someone             // a person; Args holds their ID
	Place               // a room; Args holds its ID
	Role                // a role or a group of users; Args holds its ID
	Ref                 // the short id of something, such as a need
)

// Readers is who reads what somebody has written. The zero value has not been decided.
type Readers int

// The readers of an option's words.
const (
	Undecided Readers = iota
	Meaning           // nobody: they are taken for what they mean, such as a time
	Writer            // whoever wrote them, alone
	Few               // those they are written to
	Everybody         // whoever is where they are posted
)

// Option is one thing a command can be told.
type Option struct {
	// Name follows Command.Name's rules.
	Name string
	// Summary says what belongs here, in 1 to 100 characters.
	Summary string
	// Label and Hint are for forms: what stands above the field (1 to 45
	// characters; Summary's first 45 when empty) and inside it (at most 100).
	Label, Hint string
	Kind        Kind
	Required    bool
	// Choices, at most 25, for Kind Choice; their Values are single words.
	Choices []Pick
	// Complete suggests while typing, for kinds without fixed choices. A form that an
	// adapter keeps for later is kept without it.
	Complete Completer `json:"-"`
	// Alone says that the only thing there is to complete with is meant where nothing
	// is said.
	Alone bool
	// Min and Max bound a Number, or the length of Words in characters (0, 0
	// for Words means 1 to 500).
	Min, Max int
	// Dates says that the words are for one time or several, or for what comes again
	// and again: forms that have pickers ask for a day and an hour beside them.
	Dates bool
	// Several are things that the words can list, apart by commas: in forms they are
	// ticked, at most 25.
	Several []Pick
	// Mends are the codes of refusals that it puts right: a form that comes back asks
	// for it, in words.
	Mends []string
	// Long asks for it in a field of several lines.
	Long bool
	// Private is asked for in a form or a direct message only, and is never
	// shown in a room.
	Private bool
	// Read is who reads the words as they were written. Free text has to say.
	Read Readers
	// In says the name and the summary in other languages, by locale.
	In map[string]Local
}

// Pick is one of several: what is read, and the word that stands for it.
type Pick struct {
	Label, Value string
	// In says the label in other languages, by locale.
	In map[string]Local
}

// Completer suggests values for what has been typed so far. It must answer in
// well under a second and never with an error: at worst with nothing.
type Completer func(ctx context.Context, r Request, typed string) []Pick

// Person is one account on one platform as the platform describes it.
type Person struct {
	// ID is platform/account, such as "discord/80351110224678912".
	ID string
	// Name is what others call them here.
	Name string
	// Moderator says that the platform gives them the right to manage the
	// place the request came from. It is false in direct messages.
	Moderator bool
	// Manages says that they may manage the workspace that a direct message comes from,
	// where the platform says that there.
	Manages bool
	// Lent says that they are a Moderator for this one command alone, because the place
	// lets them use it.
	Lent bool
	// Zone is the IANA name of the time zone that their platform knows for them, or
	// empty.
	Zone string
	// Standing is Guest or Outsider where the platform says that they are none of the
	// place's own, and Unsaid for everybody else.
	Standing Standing
}

// Moderates says that they are a moderator of the place, and not for one command alone.
func (p Person) Moderates() bool { return p.Moderator && !p.Lent }

// Room is where something is said.
type Room struct {
	// ID is platform/channel; Name is without a leading #.
	ID, Name string
	// Direct is a conversation with the bot alone.
	Direct bool
}

// Request is a person using a command.
type Request struct {
	// Platform is the adapter's name: "console", "discord", "slack".
	Platform string
	// Workspace is platform/guild or platform/team; empty in a direct message
	// where the platform does not say.
	Workspace string
	Room      Room
	From      Person
	// Locale is the language that the person has set on the platform, as the platform
	// gives it: a BCP 47 tag such as "de" or "en-GB". It is empty where that is not
	// known, as in the console and for words in Discord's direct messages.
	Locale string
	// Path is the command's words: ["ask", "ride-home"].
	Path []string
	// Args by option name, as words. Someone, Place and Role hold IDs.
	Args map[string]string
	// Line is what was typed, for platforms where commands are typed; the Bot
	// parses it into Path and Args. It stands alone when neither is given.
	Line string
	// Submitted says that the words come from a form, so another form cannot
	// be opened in answer on every platform.
	Submitted bool
	// Late says that the platform has told the person that this failed, as when the
	// bot was away for a moment. They may have done it again, so nothing is changed
	// any more; danger is answered all the same.
	Late bool
	// Wordless says that something came in which there is nothing to read: a recording,
	// a picture, a sticker. Then there is no Line and no Path.
	Wordless bool
	// Stays says that the answer stays in the chat, whatever it is: words that were
	// written to the bot are answered by a message, and no button was pressed.
	Stays bool
	// Once is the platform's own id of this use; the same use delivered twice
	// has the same id.
	Once string
	// Heard is what Config.Screen made of the words, so that no handler has to look
	// at them again. The Bot sets it; nil when nothing was made of them.
	Heard any
	// Hearing is what [Bot.Hear] made of the words, where an adapter had to know it
	// before the rest of the request; nil otherwise.
	Hearing *Hearing
}

// Arg is an option's words, "" when it was left out.
func (r Request) Arg(name string) string { return r.Args[name] }

// Reply is what the person who asked gets, seen by nobody else. What others
// are owed goes through the scheduler, after it is committed.
type Reply struct {
	// Messages are shown in order; the first answers, the rest follow it.
	Messages []Message
	// Form opens where a form can be opened. With Messages beside it (something
	// in a submitted form was not understood), the messages are shown and the
	// form, with the person's words still in it, is offered again.
	Form *Form
	// Update replaces the private message whose button was pressed, where the
	// platform can. A public card is never replaced by a reply.
	Update bool
	// Code names an error, as Error.Code does; empty when all went well.
	Code string
	// Crisis says that the first message gives the lines for a crisis.
	Crisis bool
}

// Say is the reply of one message.
func Say(m Message) Reply { return Reply{Messages: []Message{m}} }

// Tone is the mood of a message; platforms may show it as a colour.
type Tone int

// The tones.
const (
	Calm Tone = iota
	Asking
	Good
	Urgent
)

// Message is something the bot says. Text, Line.Text, Field.Value and Footer are our
// Markdown subset (see Parse); everything else is plain.
type Message struct {
	// Title is plain, at most 150 characters.
	Title string
	Text  string
	// Lines are a list below the text, each with the button that is about it.
	Lines  []Line
	Fields []Field
	// Buttons, at most 25, are laid out in rows in this order.
	Buttons []Button
	// Menus, at most 5 together with the rows of buttons.
	Menus []Menu
	Image *Image
	// File is something to keep beside what is said. A platform that cannot give it to
	// its reader alone leaves it away: what it holds stands in the message as well.
	File   *File
	Footer string
	Tone   Tone
	// Notify names the people (IDs) who may be pinged by this message because
	// it is about them. Nobody else is pinged, whatever the text says.
	Notify []string
	// Language is a BCP 47 tag where it is in another language than what is beside it.
	Language string
	// Page is the name of a message that reads the same for everybody as long as
	// the program runs, such as an answer from the book: what an adapter makes of
	// it may be kept. Empty for any other.
	Page string
}

// Line is one of several things in a list. Platforms set its button beside it; where
// they can't, or the message is one that nobody asked for, the buttons stand below, so a
// label says what and whose: "Drive Maya", not "I can".
type Line struct {
	// Head is plain and stands above the line, where another part of the list begins.
	Head string
	// Text is one paragraph.
	Text string
	// Button may be left out: its label is empty then.
	Button Button
}

// Flat is the message with its lines as a list in the text, and their buttons before
// all others.
func (m Message) Flat() Message {
	if len(m.Lines) == 0 {
		return m
	}
	var list strings.Builder
	var buttons []Button
	for _, l := range m.Lines {
		if l.Head != "" {
			list.WriteString("\n**" + Literal(l.Head) + "**\n\n")
		}
		list.WriteString("- " + l.Text + "\n")
		if l.Button.Label != "" && len(buttons) < maxButtons {
			buttons = append(buttons, l.Button)
		}
	}
	m.Text = strings.TrimSpace(m.Text + "\n\n" + list.String())
	m.Buttons = slices.Concat(buttons, m.Buttons)
	m.Buttons = m.Buttons[:min(len(m.Buttons), maxButtons)]
	m.Lines = nil
	return m
}

// maxButtons is how many buttons a message has at most.
const maxButtons = 25

// Field is a small labelled part of a message.
type Field struct{ Name, Value string }

// Button is a command somebody could have typed, or a link.
type Button struct {
	// Label is 1 to 75 characters and says what happens; short reads best.
	Label string
	// Command is a whole line such as "/need claim k7m2p9", at most 90 bytes.
	Command string
	// URL opens a page, a phone or a text message instead (https, tel, sms);
	// Command is then empty. Platforms that refuse a scheme show it as text.
	URL   string
	Style Style
	// Language is a BCP 47 tag where the label is in another language than the message.
	Language string
	// Aside says that what the URL does stands in the message as well: a platform that
	// refuses its scheme leaves it away.
	Aside bool
}

// Style says how a button looks.
type Style int

// The styles.
const (
	Plain Style = iota
	Primary
	Danger
)

// Menu is a choice among more than fits on buttons. Choosing runs Command with
// the choice's Value behind it.
type Menu struct {
	// Label says what is chosen, 1 to 100 characters.
	Label string
	// Command is the line that the value is appended to, such as "/faq".
	Command string
	Picks   []Pick // 1 to 25
}

// Image is a picture with words for those who cannot see it.
type Image struct {
	Name string // file name with its ending
	PNG  []byte
	Alt  string // 1 to 1,000 characters
}

// File is a file for its reader, such as an entry for a calendar.
type File struct {
	Name string // with its ending: letters, digits, points and hyphens
	Type string // its media type, such as text/calendar; charset=utf-8
	Data []byte
}

// Form asks for several things at once and then runs Command with them.
type Form struct {
	// Title is 1 to 24 characters.
	Title string
	// Intro is a line or two above the fields, where the platform can.
	Intro string
	// Path is the command that the form runs.
	Path []string
	// Args are already known and travel along.
	Args map[string]string
	// Fields are 1 to 5; Value fills a field beforehand.
	Fields []FormField
	// Zone is the IANA name of the zone in which its times are, where it asks for any.
	Zone string
}

// AsksForTimes says whether a form asks when.
func (f Form) AsksForTimes() bool {
	return slices.ContainsFunc(f.Fields, func(o FormField) bool { return o.Kind == Time || o.Dates })
}

// FormField is an option of the form's command to be filled in.
type FormField struct {
	Option
	Value string
}

// Address is where a message goes that nobody asked for just now.
type Address struct {
	// Person (an ID) is reached by direct message; Room (an ID) is posted to.
	// Exactly one is set.
	Person, Room string
}

// Platform is the part of the ID before the slash.
func (a Address) Platform() string { return PlatformOf(a.Person + a.Room) }

// Outgoing is a message on its way to somebody or somewhere.
type Outgoing struct {
	To      Address
	Message Message
	// Nonce is at most 25 characters. The same nonce marks a repeat of the same
	// delivery; platforms that can, show it once.
	Nonce string
	// Since is when it may first have been sent, of a message that was tried before
	// and is perhaps there already; zero for one that is not. Platforms that show a
	// repeat twice look there first.
	Since time.Time
}

// Posted names a message that a platform has accepted, so that it can be
// edited later.
type Posted struct {
	Platform string `json:"platform"`
	Room     string `json:"room"`
	Message  string `json:"message"`
}

// Platform is an adapter: it turns what happens there into Requests and
// renders what the bot says.
type Platform interface {
	// Name is one lower-case word, the part of IDs before the slash.
	Name() string
	// Run connects, serves until ctx ends, and then returns nil. Any other
	// return is an error in words for an operator, and ends the program.
	Run(ctx context.Context, b *Bot) error
	// Send posts a message. Errors: ErrUnreachable when the person or room
	// cannot be reached until somebody changes something; a *RetryError when
	// the platform says how long to wait; any other error may be tried again.
	Send(ctx context.Context, o Outgoing) (Posted, error)
	// Edit replaces what a posted message says. Errors as for Send, and ErrGone
	// when the message is not there any more.
	Edit(ctx context.Context, p Posted, m Message) error
}

// RetryError asks to wait before trying again.
type RetryError struct {
	After time.Duration
	Err   error
}

func (e *RetryError) Error() string { return e.Err.Error() }
func (e *RetryError) Unwrap() error { return e.Err }

// Finding is one thing that an examination looked at, in words for an operator.
type Finding struct {
	OK  bool
	Say string
	Do  string // what mends it; empty when OK
	// NotYet says that nothing is wrong: what is missing comes with the first start.
	NotYet bool
	// Room is the room (an ID) that was looked at, if it was one, and Public says that
	// everybody in its workspace can read it.
	Room   string
	Public bool
}

// maxClockError is how wrong a clock may be before it matters.
const maxClockError = 30 * time.Second

// ClockFinding says how this machine's clock compares with a platform's (named
// with a capital letter). ahead is by how much this one is ahead.
func ClockFinding(platform string, ahead time.Duration) Finding {
	if ahead.Abs() <= maxClockError {
		return Finding{OK: true, Say: "This machine's clock agrees with " + platform + "'s."}
	}
	way := "ahead of"
	if ahead < 0 {
		way = "behind"
	}
	return Finding{
		Say: fmt.Sprintf("This machine's clock is %v %s %s's.", ahead.Abs(), way, platform),
		Do:  "Let the machine set its clock by the network (NTP): reminders come at the wrong time, and with more than five minutes requests over HTTP are refused.",
	}
}

// HeartbeatKept is how long a note of the last heartbeat is kept for those who examine
// the bot.
const HeartbeatKept = 10 * time.Minute

// MaxSilence is how long ago a platform may have been heard for the last time before
// the bot is taken for deaf: platforms want a heartbeat every forty seconds or so.
const MaxSilence = 2 * time.Minute

// Heartbeat is a note of when a running bot was last in touch with its platform, for
// [HeartbeatFinding].
func Heartbeat(at time.Time) []byte { return []byte(at.UTC().Format(time.RFC3339)) }

// HeartbeatFinding says what a note of the last heartbeat means, nothing being none;
// from is whom the bot hears, such as "Discord's gateway".
func HeartbeatFinding(from string, note []byte) Finding {
	heard, err := time.Parse(time.RFC3339, string(note))
	if err != nil {
		return Finding{OK: true, Say: "No bot has heard from " + from + " in the last ten minutes: none is running, or it is just starting."}
	}
	ago := time.Since(heard).Truncate(time.Second)
	if ago > MaxSilence {
		return Finding{
			Say: fmt.Sprintf("The running bot heard from %s %v ago for the last time.", from, ago),
			Do:  "If it should be running, look at its log.",
		}
	}
	return Finding{OK: true, Say: fmt.Sprintf("A running bot heard from %s %v ago.", from, ago)}
}

// Placed is a platform that knows where its rooms are.
type Placed interface {
	// WorkspaceOf is the workspace (ID) that a room (ID) is in. Errors:
	// [ErrUnreachable] when there is no such room here, or none that the bot may
	// see; anything else may pass.
	WorkspaceOf(ctx context.Context, room string) (string, error)
}

// Listening is a platform that knows whether it hears people.
type Listening interface {
	// Heard is when the platform was last heard; zero before the first time.
	Heard() time.Time
}

// Clocked is a platform that says what time it is, with everything it answers.
type Clocked interface {
	// Clock is by how much this machine's clock was ahead of the platform's, to a second
	// or so, at its last answer, and when that was; the zero time before the first.
	Clock() (ahead time.Duration, at time.Time)
	// AskClock asks for an answer. The error says why none came.
	AskClock(ctx context.Context) error
}

// Examined is a platform that can say how its connection is set up.
type Examined interface {
	// Check looks at tokens and rights, at the registered commands, and at each
	// of the rooms (IDs). It changes nothing.
	Check(ctx context.Context, table []Command, rooms ...string) []Finding
}
