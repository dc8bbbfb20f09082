package understand

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// veiled are words that tell what an appointment is, beside the names of the treatment.
func veiled() []string {
	return append(treatment(), "clinic", "clinics", "session", "sessions", "therapies", "therapists", "treatment", "treatments", "dosing", "psychiatrist", "psychiatric", "psychiatry",
		"ketamina", "esketamina", "terapia", "terapeuta", "psicoterapia", "clínica", "clinica", "sesión", "sesion", "sesiones", "tratamiento")
}

// Veil puts another word in the place of those that tell what an appointment is, once
// where several stand beside each other.
func Veil(text, instead string) string {
	words := veiled()
	var b strings.Builder
	var between string // since the last word that was veiled
	last := false
	for text != "" {
		n := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
		switch {
		case n < 0:
			n = len(text)
		case n == 0:
			gap := strings.IndexFunc(text, unicode.IsLetter)
			if gap < 0 {
				gap = len(text)
			}
			between, text = between+text[:gap], text[gap:]
			continue
		}
		word := text[:n]
		text = text[n:]
		hidden := slices.Contains(words, strings.ToLower(word)) || last && strings.EqualFold(word, "assisted")
		if hidden && last && strings.Trim(between, " -") == "" {
			between = ""
			continue
		}
		b.WriteString(between)
		between = ""
		if last = hidden; !hidden {
			b.WriteString(word)
			continue
		}
		if unicode.IsUpper([]rune(word)[0]) {
			first, size := utf8.DecodeRuneInString(instead)
			b.WriteString(string(unicode.ToUpper(first)) + instead[size:])
		} else {
			b.WriteString(instead)
		}
	}
	return b.String() + between
}
