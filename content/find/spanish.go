package find

import "strings"

// Spanish says whether words are Spanish rather than English, by the small words that no English sentence is full of.
func Spanish(text string) bool { return spanish(Tokens(text)) }

// smallWords are the words of Spanish that make its sentences; those of the second list stand in English ones, too.
const (
	smallWords = " mis su sus yo ella te le lo nos los las una unos unas del con sin por para que quien como cuando cuanto cuanta donde porque ya muy mas pero es esta estoy soy" +
		" va voy hay tengo tiene quiero quiere puedo puede necesito necesita gracias hola ayuda despues antes manana hoy sesion auxilio emergencia "
	sharedWords = " mi me se el la un de al en si tu van son no "
)

// spanish needs a word that is in no English sentence, and a third of all to be small words.
func spanish(toks []string) bool {
	small, own := 0, 0
	for _, t := range toks {
		switch w := " " + t + " "; {
		case strings.Contains(smallWords, w):
			small, own = small+1, own+1
		case strings.Contains(sharedWords, w):
			small++
		}
	}
	return own > 0 && (small >= 2 || len(toks) <= 2) && small*3 >= len(toks)
}
