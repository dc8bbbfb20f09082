package slack

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

// A form is a modal. Its private metadata carries the command it runs and what
// is already known; what does not fit there becomes a field that is filled in.
//
// A time is asked for with a date and a time picker, whose answer is the wall
// clock ("2026-12-08 13:00") and so depends on nobody's zone. A field that comes
// with other words in it ("thu 1pm") keeps them in a text field: a picker could
// not show them, and an empty one would look as if nothing had been said.

const (
	formCallback   = "village/1/form"
	answerCallback = "village/1/answer"

	maxMeta  = 3_000 // private_metadata
	maxInput = 3_000 // a text field
	maxTitle = 24
	maxLabel = 45

	dateForm, timeForm = "2006-01-02", "15:04"
)

// formMeta travels with a modal.
type formMeta struct {
	Path []string          `json:"p,omitempty"`
	Args map[string]string `json:"a,omitempty"`
	// Where the answer belongs.
	Respond string `json:"u,omitempty"`
	Uses    int    `json:"n,omitempty"`
	Channel string `json:"c,omitempty"`
	Room    string `json:"r,omitempty"`
	Thread  string `json:"t,omitempty"`
	Direct  bool   `json:"d,omitempty"`
}

var errFormTooLong = errors.New("what is known already does not fit into a form")

func (m formMeta) encode() (string, error) {
	data, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	if len(data) > maxMeta {
		return "", errFormTooLong
	}
	return string(data), nil
}

func readMeta(s string) (formMeta, error) {
	var m formMeta
	if s == "" {
		return m, nil
	}
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		return m, wordless(err)
	}
	return m, nil
}

// formView lays a form out, below what has to be said about it. The error is
// errFormTooLong.
func formView(f bot.Form, meta formMeta, said []bot.Message, table []bot.Command) (*slackgo.ModalViewRequest, error) {
	meta.Path, meta.Args = f.Path, map[string]string{}
	fields := append([]bot.FormField(nil), f.Fields...)
	for name, value := range f.Args {
		meta.Args[name] = value
	}
	for _, field := range f.Fields {
		delete(meta.Args, field.Name)
	}
	data, err := meta.encode()
	for errors.Is(err, errFormTooLong) {
		field, ok := longest(meta.Args, f.Path, table)
		if !ok {
			return nil, err
		}
		delete(meta.Args, field.Name)
		fields = append(fields, field)
		data, err = meta.encode()
	}
	if err != nil {
		return nil, err
	}
	v := &slackgo.ModalViewRequest{
		Type: slackgo.VTModal, CallbackID: formCallback, PrivateMetadata: data,
		Title: plainText(adapter.Clip(cmp.Or(clean(f.Title), "A few details"), maxTitle)), Submit: plainText("Send"), Close: plainText("Cancel"),
	}
	var blocks []slackgo.Block
	if len(said) > 0 {
		blocks = append(blocks, viewBlocks(said, 20)...)
		blocks = append(blocks, slackgo.NewDividerBlock())
	} else if intro := adapter.Clip(clean(f.Intro), 1_000); intro != "" && intro != clean(f.Title) {
		blocks = append(blocks, slackgo.NewSectionBlock(plainText(intro), nil, nil))
	}
	for _, field := range fields {
		blocks = append(blocks, inputs(field, f.Zone)...)
	}
	v.Blocks = slackgo.Blocks{BlockSet: blocks}
	return v, nil
}

// longest is the longest of the known arguments as a field of the form.
func longest(args map[string]string, path []string, table []bot.Command) (bot.FormField, bool) {
	var name string
	for n, v := range args {
		if name == "" || len(v) > len(args[name]) || len(v) == len(args[name]) && n < name {
			name = n
		}
	}
	cmd := bot.Find(table, path)
	if cmd == nil || adapter.Units(args[name]) > maxInput {
		return bot.FormField{}, false
	}
	for _, o := range cmd.Options {
		if o.Name == name {
			return bot.FormField{Option: o, Value: args[name]}, true
		}
	}
	return bot.FormField{}, false
}

// otherWords is the label of what is written beside what is picked.
const otherWords = "More, or all of it in words"

// inputs is the field as blocks: one, or a date and a time, with words beside them where
// these can say more. Their block ids say
// the option; their action ids the kind of element, so that a field that changes
// its kind does not keep a state that no longer fits.
func inputs(f bot.FormField, zone string) []slackgo.Block {
	label := adapter.Clip(cmp.Or(clean(f.Label), adapter.Clip(clean(f.Summary), maxLabel)), maxLabel)
	value := strings.TrimSpace(shown(f.Value))
	if f.Kind == bot.Time || f.Dates {
		if day, clock, ok := readTime(value); ok {
			return timeInputs(f, label, day, clock, zone)
		}
	}
	if chosen, ok := adapter.Chosen(f); ok {
		return []slackgo.Block{
			input(f, "", label, ticks(f, chosen)),
			optional(f, "more", otherWords, textField(bot.FormField{Option: bot.Option{Name: f.Name, Max: f.Max}}, "", placeholder(f.Hint))),
		}
	}
	return []slackgo.Block{input(f, "", label, element(f, value))}
}

func input(f bot.FormField, part, label string, el slackgo.BlockElement) *slackgo.InputBlock {
	b := slackgo.NewInputBlock(blockOf(f.Name, part), plainText(cmp.Or(label, f.Name)), nil, el)
	b.Optional = !f.Required
	return b
}

// optional is a part of a field that may stay empty.
func optional(f bot.FormField, part, label string, el slackgo.BlockElement) *slackgo.InputBlock {
	b := input(f, part, label, el)
	b.Optional = true
	return b
}

// ticks lets several things be chosen.
func ticks(f bot.FormField, chosen []string) slackgo.BlockElement {
	el := slackgo.NewOptionsMultiSelectBlockElement(slackgo.MultiOptTypeStatic, placeholder("Choose one or several"), actionOf("several", f))
	for _, p := range f.Several {
		o := slackgo.NewOptionBlockObject(p.Value, plainText(adapter.Clip(cmp.Or(clean(p.Label), p.Value), maxOptionLabel)), nil)
		el.Options = append(el.Options, o)
		if slices.Contains(chosen, p.Value) {
			el.InitialOptions = append(el.InitialOptions, o)
		}
	}
	return el
}

// element is what a field is filled in with. Words that a picker could not show are
// kept in a text field.
func element(f bot.FormField, value string) slackgo.BlockElement {
	hint := placeholder(f.Hint)
	if !picks(f, value) {
		return textField(f, value, hint)
	}
	switch f.Kind {
	case bot.Choice:
		return choice(f, value, hint)
	case bot.YesNo:
		return yesNo(f, value)
	case bot.Someone:
		el := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeUser, hint, actionOf("someone", f))
		el.InitialUser = account(value)
		return el
	case bot.Place:
		el := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeConversations, hint, actionOf("place", f))
		el.InitialConversation = account(value)
		el.Filter = &slackgo.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}
		return el
	case bot.Number:
		return numberField(f, value, hint)
	}
	return lookup(f, value, hint)
}

// picks says that a field is picked rather than written, and that its picker can show
// what stands in it.
func picks(f bot.FormField, value string) bool {
	switch f.Kind {
	case bot.Choice:
		return true
	case bot.YesNo:
		return value == "" || value == "yes" || value == "no"
	case bot.Someone:
		return value == "" || isUser(account(value))
	case bot.Place:
		return value == "" || isChannel(account(value))
	case bot.Number:
		return value == "" || isNumber(value)
	case bot.Zone, bot.Ref:
		return f.Complete != nil && adapter.Units(value) <= maxOptionLabel
	}
	return false
}

func yesNo(f bot.FormField, value string) slackgo.BlockElement {
	yes, no := slackgo.NewOptionBlockObject("yes", plainText("Yes"), nil), slackgo.NewOptionBlockObject("no", plainText("No"), nil)
	el := slackgo.NewRadioButtonsBlockElement(actionOf("yesno", f), yes, no)
	switch value {
	case "yes":
		el.InitialOption = yes
	case "no":
		el.InitialOption = no
	}
	return el
}

func lookup(f bot.FormField, value string, hint *slackgo.TextBlockObject) slackgo.BlockElement {
	el := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeExternal, hint, actionOf("lookup", f))
	least := 1
	el.MinQueryLength = &least
	if value != "" {
		el.InitialOption = slackgo.NewOptionBlockObject(value, plainText(value), nil)
	}
	return el
}

func choice(f bot.FormField, value string, hint *slackgo.TextBlockObject) slackgo.BlockElement {
	var options []*slackgo.OptionBlockObject
	var chosen *slackgo.OptionBlockObject
	for _, c := range f.Choices {
		o := slackgo.NewOptionBlockObject(c.Value, plainText(adapter.Clip(cmp.Or(clean(c.Label), c.Value), maxOptionLabel)), nil)
		options = append(options, o)
		if strings.EqualFold(c.Value, value) || strings.EqualFold(c.Label, value) {
			chosen = o
		}
	}
	if len(options) == 0 || len(options) > maxOptions {
		return textField(f, value, hint)
	}
	el := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, hint, actionOf("choice", f), options...)
	el.InitialOption = chosen
	return el
}

func numberField(f bot.FormField, value string, hint *slackgo.TextBlockObject) slackgo.BlockElement {
	el := slackgo.NewNumberInputBlockElement(hint, actionOf("number", f), false)
	el.InitialValue = value
	if f.Max > f.Min {
		el.MinValue, el.MaxValue = strconv.Itoa(f.Min), strconv.Itoa(f.Max)
	}
	return el
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// textField takes words. Its limits give way to what is already in it: words that
// are too long are better seen than lost.
func textField(f bot.FormField, value string, hint *slackgo.TextBlockObject) slackgo.BlockElement {
	el := slackgo.NewPlainTextInputBlockElement(hint, actionOf("text", f))
	el.Multiline = f.Long
	el.InitialValue = adapter.Clip(value, maxInput)
	el.MaxLength = maxInput
	if f.Kind == bot.Words && f.Max > 0 {
		el.MaxLength = min(max(f.Max, adapter.Units(value)), maxInput)
	}
	if f.Kind == bot.Words && f.Required && f.Min > 0 && f.Min <= el.MaxLength {
		el.MinLength = f.Min
	}
	return el
}

func placeholder(hint string) *slackgo.TextBlockObject {
	if hint = adapter.Clip(clean(hint), maxPlaceholder); hint == "" {
		return nil
	}
	return plainText(hint)
}

// timeInputs asks for a day and a time of day in a zone (IANA), and for words beside
// them where these can say more than one time.
func timeInputs(f bot.FormField, label, day, clock, zone string) []slackgo.Block {
	date := slackgo.NewDatePickerBlockElement(actionOf("date", f))
	date.InitialDate = day
	at := slackgo.NewTimePickerBlockElement(actionOf("time", f))
	at.InitialTime, at.Timezone = clock, zone
	if !f.Dates {
		return []slackgo.Block{input(f, "date", label, date), input(f, "time", hourLabel, at)}
	}
	words := textField(bot.FormField{Option: bot.Option{Name: f.Name, Max: f.Max}}, "", placeholder(f.Hint))
	return []slackgo.Block{
		optional(f, "date", label, date), optional(f, "time", hourLabel, at), optional(f, "more", otherWords, words),
	}
}

// hourLabel is the label of a time picker.
const hourLabel = "At what time?"

// readTime reads words that pickers can show: nothing, a day, a time of day, or
// both.
func readTime(s string) (day, clock string, ok bool) {
	if s == "" {
		return "", "", true
	}
	day, clock, both := strings.Cut(s, " ")
	if !both {
		if isTime(dateForm, s) {
			return s, "", true
		}
		return "", s, isTime(timeForm, s)
	}
	return day, clock, isTime(dateForm, day) && isTime(timeForm, clock)
}

func isTime(form, s string) bool {
	t, err := time.Parse(form, s)
	return err == nil && t.Format(form) == s
}

const blockPrefix = "village/1/o/"

func blockOf(option, part string) string {
	if part == "" {
		return blockPrefix + option
	}
	return blockPrefix + option + "/" + part
}

// actionOf is the id of an element: its kind, and the option's name to make it
// unique.
func actionOf(kind string, f bot.FormField) string { return kind + "/" + f.Name }

// optionOf is the option that a block asks for.
func optionOf(block string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(block, blockPrefix), "/")
	return name
}

// submittedArgs is everything that a sent form says.
func (n ids) submittedArgs(meta formMeta, v view) map[string]string {
	args := map[string]string{}
	for name, value := range meta.Args {
		args[name] = value
	}
	days, clocks, more := map[string]string{}, map[string]string{}, map[string]string{}
	for block, elements := range v.State.Values {
		if !strings.HasPrefix(block, blockPrefix) {
			continue
		}
		name := optionOf(block)
		for action, state := range elements {
			kind, _, _ := strings.Cut(action, "/")
			value := n.filledIn(state)
			if strings.HasSuffix(block, "/more") {
				more[name] = value
				continue
			}
			switch kind {
			case "date":
				days[name] = value
			case "time":
				clocks[name] = value
			default:
				if value != "" {
					args[name] = value
				}
			}
		}
	}
	for name := range days {
		if at := timeOf(days[name], clocks[name], more[name]); at != "" {
			args[name] = at
		}
		delete(more, name)
	}
	for name, words := range more {
		if said := strings.Trim(args[name]+", "+words, ", "); said != "" {
			args[name] = said
		}
	}
	return args
}

// timeOf is what was picked, in words: "2026-12-08 13:00", or with more days beside it
// "2026-12-08, dec 11 at 13:00".
func timeOf(day, clock, more string) string {
	if more == "" {
		return strings.TrimSpace(day + " " + clock)
	}
	said := strings.Trim(day+", "+more, ", ")
	if clock != "" {
		said += " at " + clock
	}
	return said
}

// filledIn is what an input holds.
func (n ids) filledIn(f filled) string {
	switch {
	case f.SelectedOption != nil:
		return f.SelectedOption.Value
	case len(f.SelectedOptions) > 0:
		values := make([]string, len(f.SelectedOptions))
		for i, o := range f.SelectedOptions {
			values[i] = o.Value
		}
		return strings.Join(values, ", ")
	case f.SelectedUser != "":
		return n.of(f.SelectedUser)
	case f.SelectedConversation != "":
		return n.of(f.SelectedConversation)
	}
	return strings.TrimSpace(f.SelectedDate + f.SelectedTime + f.Value)
}

// firstInput is the block id of a form's first field.
func firstInput(v *slackgo.ModalViewRequest) string {
	for _, b := range v.Blocks.BlockSet {
		if in, ok := b.(*slackgo.InputBlock); ok {
			return in.BlockID
		}
	}
	return ""
}

// viewBlocks is messages as the blocks of a modal or the Home tab.
func viewBlocks(messages []bot.Message, most int) []slackgo.Block {
	var out []slackgo.Block
	n := 0
	for i, m := range messages {
		if i > 0 && len(out) > 0 {
			out = append(out, slackgo.NewDividerBlock())
		}
		for _, p := range append(contentOf(m), controlsOf(m)...) {
			switch b := p.block.(type) {
			case *slackgo.ActionBlock:
				n = renumber(b, n)
			case *slackgo.SectionBlock:
				if b.Accessory != nil && b.Accessory.ButtonElement != nil {
					n++
					b.Accessory.ButtonElement.ActionID = buttonAction + strconv.Itoa(n)
				}
			}
			out = append(out, p.block)
		}
	}
	if len(out) > most {
		out = append(out[:most-1:most-1], paragraph("There is more than fits here.", true).block)
	}
	return out
}

// renumber makes the action ids of several messages' buttons unique in one view.
func renumber(a *slackgo.ActionBlock, n int) int {
	for _, el := range a.Elements.ElementSet {
		n++
		switch el := el.(type) {
		case *slackgo.ButtonBlockElement:
			el.ActionID = buttonAction + strconv.Itoa(n)
		case *slackgo.SelectBlockElement:
			_, command, _ := strings.Cut(strings.TrimPrefix(el.ActionID, menuAction), "/")
			el.ActionID = menuAction + strconv.Itoa(n) + "/" + command
		}
	}
	return n
}

// answerView is messages in a modal, nil when there is nothing to show.
func answerView(messages []bot.Message, meta formMeta) *slackgo.ModalViewRequest {
	blocks := viewBlocks(messages, maxViewBlocks)
	data, err := meta.encode()
	if len(blocks) == 0 || err != nil {
		return nil
	}
	return &slackgo.ModalViewRequest{
		Type: slackgo.VTModal, CallbackID: answerCallback, PrivateMetadata: data,
		Title: plainText("Village"), Close: plainText("Close"), Blocks: slackgo.Blocks{BlockSet: blocks},
	}
}

// noteView is a sentence of ours in a modal.
func noteView(text string) *slackgo.ModalViewRequest {
	return answerView([]bot.Message{{Text: text}}, formMeta{})
}

// suggestions are choices for what is being typed.
func suggestions(picks []bot.Pick) any {
	options := []*slackgo.OptionBlockObject{}
	seen := map[string]bool{}
	for _, p := range picks {
		label := adapter.Clip(cmp.Or(clean(p.Label), p.Value), maxOptionLabel)
		if p.Value == "" || adapter.Units(p.Value) > maxOptionValue || seen[p.Value] || label == "" {
			continue
		}
		if len(options) == maxOptions {
			break
		}
		seen[p.Value] = true
		options = append(options, slackgo.NewOptionBlockObject(p.Value, plainText(label), nil))
	}
	return slackgo.OptionsResponse{Options: options}
}

func noSuggestions() any { return suggestions(nil) }
