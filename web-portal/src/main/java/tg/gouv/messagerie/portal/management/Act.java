package tg.gouv.messagerie.portal.management;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.portal.pages.Form;

/** What happens to people in the service of a State, as a page asks for it. */
public enum Act {
    /** Another position, in the own ministry or another. */
    REASSIGNMENT(
            "affecter",
            Right.ASSIGN,
            List.of(new Field("prend", Way.POSITION, true), new Field("quitte", Way.HELD, false))) {
        @Override
        LifeCycle asked(MailAddress person, Form form, ZoneId zone) {
            return new LifeCycle.Reassignment(
                    person, optional(form, "quitte", PositionCode::new), form.of("prend", PositionCode::new));
        }
    },
    /** A position and its function mailboxes pass to somebody else. */
    HAND_OVER(
            "remettre",
            Right.ASSIGN,
            List.of(new Field("poste", Way.HELD, true), new Field("successeur", Way.EMAIL, true))) {
        @Override
        LifeCycle asked(MailAddress person, Form form, ZoneId zone) {
            return new LifeCycle.HandOver(
                    form.of("poste", PositionCode::new), person, form.of("successeur", MailAddress::of));
        }
    },
    /** Another name; the address they had still delivers and signs in. */
    RENAMING(
            "renommer",
            Right.PEOPLE,
            List.of(
                    new Field("prenoms", Way.TEXT, false),
                    new Field("nom", Way.TEXT, true),
                    new Field("adresse", Way.EMAIL, true))) {
        @Override
        LifeCycle asked(MailAddress person, Form form, ZoneId zone) {
            return new LifeCycle.Renaming(
                    person,
                    new PersonName(form.line("prenoms"), form.line("nom")),
                    form.of("adresse", MailAddress::of));
        }
    },
    /** May not sign in for some time; mail still arrives. */
    SUSPENSION("suspendre", Right.STATE, List.of()) {
        @Override
        LifeCycle asked(MailAddress person, Form form, ZoneId zone) {
            return new LifeCycle.Suspension(person);
        }
    },
    /** Leaves the service: who reads, who answers, until when. */
    DEPARTURE(
            "depart",
            Right.STATE,
            List.of(
                    new Field("lecteur", Way.EMAIL, false),
                    new Field("reponse", Way.EMAIL, false),
                    new Field("jusque", Way.DATE, true))) {
        @Override
        LifeCycle asked(MailAddress person, Form form, ZoneId zone) {
            return new LifeCycle.Departure(
                    person,
                    optional(form, "lecteur", MailAddress::of),
                    optional(form, "reponse", MailAddress::of),
                    form.of("jusque", LocalDate::parse)
                            .plusDays(1)
                            .atStartOfDay(zone)
                            .toInstant());
        }
    },
    /** Who was suspended, or has left, may sign in again. */
    RESUMPTION("rouvrir", Right.STATE, List.of()) {
        @Override
        LifeCycle asked(MailAddress person, Form form, ZoneId zone) {
            return new LifeCycle.Resumption(person);
        }
    };

    private final String word;
    private final Right right;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<Field> fields;

    Act(String word, Right right, List<Field> fields) {
        this.word = word;
        this.right = right;
        this.fields = fields;
    }

    /** The last segment of its address. */
    public String word() {
        return word;
    }

    /** What the form asks for. */
    List<Field> fields() {
        return fields;
    }

    /** What who sees its page must have; what the act gives or exposes is judged when it is done. */
    Right right() {
        return right;
    }

    /** Whether it is offered for an account in this state. */
    boolean fits(Account.State state) {
        return switch (this) {
            case SUSPENSION, DEPARTURE -> state == Account.State.ACTIVE;
            case RESUMPTION -> state == Account.State.SUSPENDED;
            case REASSIGNMENT, HAND_OVER, RENAMING -> state != Account.State.CLOSED;
        };
    }

    /** The act as the form says it. */
    abstract LifeCycle asked(MailAddress person, Form form, ZoneId zone);

    private static <T> Optional<T> optional(Form form, String name, Function<String, T> type) {
        return form.given(name).isEmpty() ? Optional.empty() : Optional.of(form.of(name, type));
    }

    /** How a field is filled in. */
    enum Way {
        TEXT,
        EMAIL,
        DATE,
        /** One of the positions that the person holds. */
        HELD,
        /** A position of where who acts may give it. */
        POSITION
    }

    /** A field of an act's form. */
    record Field(String name, Way way, boolean required) {}
}
