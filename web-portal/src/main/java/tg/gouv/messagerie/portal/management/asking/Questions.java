package tg.gouv.messagerie.portal.management.asking;

import java.util.ArrayList;
import java.util.List;
import tg.gouv.messagerie.portal.management.asking.Question.Kind;
import tg.gouv.messagerie.portal.pages.Visit;

/**
 * The fields of a form, filled in as somebody did a moment ago, else as things are. The sentences are {@code field.NAME} and, if there is one,
 * {@code hint.NAME}, beside the page.
 */
public final class Questions {
    private final Visit visit;
    private final String act;
    private final List<Question> all = new ArrayList<>();

    /** None yet. */
    public Questions(Visit visit) {
        this(visit, "");
    }

    /**
     * None yet, of an act whose sentences are its own.
     *
     * @param act what stands before the names in the keys of labels, such as {@code affecter.}
     */
    public Questions(Visit visit, String act) {
        this.visit = visit;
        this.act = act;
    }

    /** A line that must be filled in. */
    public Questions line(Kind kind, String name, String now) {
        return add(kind, name, List.of(), List.of(now), true, "");
    }

    /** A line that may stay empty. */
    public Questions optional(Kind kind, String name, String now) {
        return add(kind, name, List.of(), List.of(now), false, "");
    }

    /** One of several things. */
    public Questions choice(String name, List<Choice> choices, String now) {
        return add(Kind.LIST, name, choices, List.of(now), true, "");
    }

    /**
     * One of several things, or none.
     *
     * @param empty what none is called
     */
    public Questions choice(String name, List<Choice> choices, String now, String empty) {
        return add(Kind.LIST, name, choices, List.of(now), false, empty);
    }

    /** One of few things, all of them seen. */
    public Questions radios(String name, List<Choice> choices, String now) {
        return add(Kind.RADIOS, name, choices, List.of(now), true, "");
    }

    /** Any of few things. */
    public Questions boxes(String name, List<Choice> choices, List<String> now) {
        return add(Kind.BOXES, name, choices, now, false, "");
    }

    /** What comes back as it is. */
    public Questions hidden(String name, String value) {
        all.add(new Question(Kind.HIDDEN, name, "", "", List.of(), List.of(value), false, ""));
        return this;
    }

    /** Those of a search: what was looked for comes back, so that it is found again. */
    public Questions sought(Choices choices) {
        return choices.isMany() ? hidden("cherche", choices.sought()) : this;
    }

    /** All of them. */
    public List<Question> all() {
        return List.copyOf(all);
    }

    private Questions add(
            Kind kind, String name, List<Choice> choices, List<String> now, boolean required, String empty) {
        String hint = "hint." + name;
        all.add(new Question(
                kind,
                name,
                visit.shell().text("field." + act + name),
                visit.shell().has(hint) ? visit.shell().text(hint) : "",
                choices,
                visit.form().has("jeton") ? visit.form().all(name) : now,
                required,
                empty));
        return this;
    }
}
