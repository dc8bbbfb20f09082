package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// read checks a value against the option and gives its canonical form. Empty
// stays empty: whether it may be missing is decided elsewhere.
func (o Option) read(value, platform string) (string, error) {
	value = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || r == utf8.RuneError || isInvisible(r) {
			return -1
		}
		return r
	}, value))
	if value == "" {
		return "", nil
	}
	switch o.Kind {
	case Choice:
		return o.readChoice(value)
	case Number:
		return o.readNumber(value)
	case YesNo:
		return o.readYesNo(value)
	case Someone, Place, Role:
		return o.readID(value, platform)
	case Ref:
		return o.readRef(value)
	}
	return o.readWords(value)
}

// wrong says what is the matter with a value; the command's example is added to it.
func wrong(say string, args ...any) error {
	return &Error{Code: CodeOptionWrong, Say: fmt.Sprintf(say, args...)}
}

func (o Option) readChoice(value string) (string, error) {
	names := make([]string, len(o.Choices))
	for i, p := range o.Choices {
		if strings.EqualFold(p.Value, value) || strings.EqualFold(p.Label, value) {
			return p.Value, nil
		}
		names[i] = p.Value
	}
	if near := nearest(strings.ToLower(value), names); near != "" {
		return "", wrong("“%s” is not one of the choices for “%s”. Did you mean “%s”?", clip(value, 40), o.Name, near)
	}
	return "", wrong("“%s” is not one of the choices for “%s”: %s.", clip(value, 40), o.Name, orList(names))
}

func (o Option) readNumber(value string) (string, error) {
	n, err := strconv.Atoi(value)
	if err != nil {
		return "", wrong("“%s” should be a whole number, and “%s” is not one.", o.Name, clip(value, 40))
	}
	if n < o.Min || n > o.Max {
		return "", wrong("“%s” should be between %d and %d.", o.Name, o.Min, o.Max)
	}
	return strconv.Itoa(n), nil
}

func (o Option) readYesNo(value string) (string, error) {
	switch strings.ToLower(value) {
	case "yes", "y", "true", "on", "1":
		return "yes", nil
	case "no", "n", "false", "off", "0":
		return "no", nil
	}
	return "", wrong("“%s” should be yes or no.", o.Name)
}

func (o Option) readID(value, platform string) (string, error) {
	if id := Mentioned(value, platform); id != "" {
		return id, nil
	}
	value = strings.TrimLeft(strings.TrimRight(value, ".,;:!?)"), "@#(")
	if value == "" || strings.ContainsAny(value, " \t\n") || len(value) > 100 {
		return "", wrong("“%s” should be one name, such as @sam or #village.", o.Name)
	}
	if !strings.Contains(value, "/") {
		value = platform + "/" + strings.ToLower(value)
	}
	return value, nil
}

// Mentioned is the ID of whom words mention, in a platform's own writing: "<@80351>",
// "<@U0G9|sam>", "slack/U0G9" or "@sam"; empty for any other words.
func Mentioned(words, platform string) string {
	words = strings.Trim(words, " ,.;:!?()")
	inside, bracketed := strings.CutPrefix(words, "<@")
	at, named := strings.CutPrefix(words, "@")
	switch {
	case strings.ContainsAny(words, " \t\n") || len(words) > 100:
		return ""
	case bracketed && strings.HasSuffix(inside, ">"):
		id, _, _ := strings.Cut(strings.TrimLeft(strings.TrimSuffix(inside, ">"), "!&"), "|")
		return platform + "/" + id
	case strings.HasPrefix(words, platform+"/"):
		return words
	case named && strings.Contains(at, "/"):
		return at
	case named && at != "":
		return platform + "/" + strings.ToLower(at)
	}
	return ""
}

// readRef takes off what stands around a code where it was copied or typed in a
// sentence. Words in the place of one are left to find it by (see Bot.found).
func (o Option) readRef(value string) (string, error) {
	code := bareRef(value)
	if fields := strings.Fields(code); len(fields) == 2 && isCode(fields[1]) && slices.Contains([]string{o.Name, "need", "request", "session", "plan", "reminder", "note", "code", "the"}, strings.TrimRight(fields[0], ":")) {
		code = fields[1]
	}
	if o.byWords(code) {
		return clip(strings.Join(strings.Fields(bareRef(strings.ToLower(value))), " "), 100), nil
	}
	if code == "" || len(code) > 16 || strings.ContainsFunc(code, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		return "", wrong("“%s” is a short code of letters and digits, such as k7m2p9.", o.Name)
	}
	return code, nil
}

// byWords says whether this stands for something by its name, its day or its place,
// and not by its code.
func (o Option) byWords(value string) bool {
	return o.Kind == Ref && o.Complete != nil && !isCode(value) && strings.ContainsFunc(value, unicode.IsLetter)
}

// bareRef is a code, or words for one, in small letters and without the marks around it.
func bareRef(value string) string {
	return strings.ToLower(strings.TrimFunc(value, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
}

// isCode says whether a word looks like a code: letters and digits without a vowel, so
// that no word is one.
func isCode(word string) bool {
	return len(word) >= 6 && len(word) <= 16 && strings.Trim(word, "bcdfghjkmnpqrstvwxz0123456789") == ""
}

func (o Option) readWords(value string) (string, error) {
	most := o.Max
	if most == 0 {
		most = defaultMaxWords
	}
	switch n := utf8.RuneCountInString(value); {
	case n > most:
		return "", &Error{Code: CodeTooLong, Say: fmt.Sprintf("“%s” has %d characters, and %d fit.", o.Name, n, most), Hint: "Please make it shorter; nothing has been changed."}
	case n < o.Min:
		return "", wrong("“%s” should have at least %d characters.", o.Name, o.Min)
	}
	return value, nil
}
