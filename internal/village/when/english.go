package when

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// inEnglish says kindly that times are read in English, when a word is of another language.
func inEnglish(words string, err *Error) *Error {
	l := lineOf(words)
	at := slices.IndexFunc(l.toks, func(t token) bool { return t.kind == tokenWord && elsewhereSpoken(t.text) })
	if at < 0 {
		return err
	}
	e := errorf(Unknown, l.text(at, at+1), "I read times in English only, and I am sorry about that. Numbers alone work as well: year, month, day, and the hour from 0 to 24.")
	e.Choices = err.Choices
	return e
}

// elsewhereSpoken says whether a word is one of another language than English.
func elsewhereSpoken(w string) bool {
	if known(w) || vague(w) != "" {
		return false
	}
	if strings.ContainsFunc(w, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }) {
		return true
	}
	return slices.Contains(strings.Fields(otherLanguages), w)
}

// otherLanguages are words that stand in times in German, Spanish, French, Italian, Portuguese and Dutch, and that are
// no slips of English ones.
const otherLanguages = "um uhr der den dem das die am vom bis und oder morgen heute abend mittag nacht montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar juni juli oktober dezember jeden jede alle stunden stunde tage wochen nachmittags vormittags naechsten halb viertel " +
	"a de del las la el los manana hoy pasado noche tarde lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre todos cada horas hora dias semana proximo " +
	"demain aujourd'hui ce soir matin midi minuit lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre heures heure dans le les chaque tous prochain " +
	"domani oggi alle lunedi martedi mercoledi giovedi venerdi sabato domenica gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre ogni " +
	"amanha hoje segunda terca quarta quinta sexta janeiro fevereiro maio junho julho setembro outubro dezembro " +
	"maandag dinsdag woensdag donderdag vrijdag zaterdag zondag vandaag uur om januari februari maart mei augustus jutro dzis"

// withHours offers hours for a day that was written without one, where somebody only wants to be told something.
func (r *reader) withHours(err *Error) *Error {
	if !r.note || err == nil || err.Code != Missing || err.on.IsZero() {
		return err
	}
	hours := map[part][]int{noPart: {9, 12, 18}, morning: {8, 9, 10}, afternoon: {13, 15, 17}, evening: {18, 19, 20}, night: {20, 21, 22}}[err.part]
	for _, h := range hours {
		at := instants(time.Date(err.on.Year(), err.on.Month(), err.on.Day(), h, 0, 0, 0, time.UTC), r.zone)
		if len(at) == 1 && r.inReach(at[0]) == nil {
			err.Choices = append(err.Choices, r.choice(at))
		}
	}
	return err
}
