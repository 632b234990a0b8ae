package tg.gouv.messagerie.portal.management.asking;

import java.util.List;
import java.util.Optional;

/**
 * A form of « Gestion ».
 *
 * @param what the act is, in one sentence
 * @param action where the form leads; the page has the same address
 * @param back where one goes who does not want it
 * @param sought what must be looked for first
 */
public record Asked(
        String title, String what, String action, String back, Optional<Choices> sought, List<Question> questions) {
    public Asked {
        questions = List.copyOf(questions);
    }

    /** A form in which nothing must be looked for. */
    public Asked(String title, String what, String action, String back, List<Question> questions) {
        this(title, what, action, back, Optional.empty(), questions);
    }

    /** A form in which one thing may have to be looked for first. */
    public Asked(String title, String what, String action, String back, Choices sought, List<Question> questions) {
        this(title, what, action, back, Optional.of(sought).filter(Choices::isMany), questions);
    }
}
