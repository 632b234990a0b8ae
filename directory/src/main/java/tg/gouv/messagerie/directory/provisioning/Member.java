package tg.gouv.messagerie.directory.provisioning;

import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;

/** Who is to be in a group. Each kind has its text, in REST and at the command line. */
public sealed interface Member {
    /** A person, or those who hold a function mailbox by it: {@code account:kofi.mensah@gouv.tg}. */
    record OfAccount(MailAddress address) implements Member {
        @Override
        public String text() {
            return "account:" + address;
        }
    }

    /** Whoever holds the position, while they hold it: {@code position:directeur-budget}. */
    record OfPosition(PositionCode position) implements Member {
        @Override
        public String text() {
            return "position:" + position;
        }
    }

    /** Whoever is in another group: {@code group:directeurs}. */
    record OfGroup(GroupCode group) implements Member {
        @Override
        public String text() {
            return "group:" + group;
        }
    }

    /**
     * People by what they are, all of it together: {@code people:entity=energie,language=fr,title=directeur}.
     *
     * @param entity of this entity or below it; absent, of the whole State
     * @param language who read this one, {@code fr} or {@code en}
     * @param title who hold a position whose title has this in it, whatever its case and accents; 200 characters at most
     */
    record People(Optional<EntityCode> entity, Optional<String> language, Optional<String> title) implements Member {
        public People {
            title = title.map(each -> Written.name(each, Written.LABEL_MAX));
            if (language.filter(each -> !each.equals("fr") && !each.equals("en"))
                    .isPresent()) {
                throw new IllegalArgumentException("the language of people is fr or en, found " + language.get());
            }
        }

        /** Everybody of an entity and below it. */
        public People(EntityCode entity) {
            this(Optional.of(entity), Optional.empty(), Optional.empty());
        }

        @Override
        public String text() {
            StringBuilder text = new StringBuilder("people:");
            entity.ifPresent(each -> text.append("entity=").append(each).append(','));
            language.ifPresent(each -> text.append("language=").append(each).append(','));
            title.ifPresent(each -> text.append("title=").append(each).append(','));
            return text.substring(0, text.length() - (text.charAt(text.length() - 1) == ',' ? 1 : 0));
        }
    }

    /** The member as {@link #of} reads it. */
    String text();

    /**
     * The member of this text.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Member of(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(colon + 1);
        return switch (colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "account" -> new OfAccount(MailAddress.of(name));
            case "position" -> new OfPosition(new PositionCode(name));
            case "group" -> new OfGroup(new GroupCode(name));
            case "people" -> people(name);
            default ->
                throw new IllegalArgumentException(
                        "a member is account:ADDRESS, position:CODE, group:CODE or people:entity=…,language=…,title=…, found "
                                + text);
        };
    }

    private static People people(String rule) {
        Optional<EntityCode> entity = Optional.empty();
        Optional<String> language = Optional.empty();
        String rest = rule;
        while (!rest.isEmpty()) {
            int equals = rest.indexOf('=');
            String what = equals < 0 ? rest : rest.substring(0, equals);
            if (what.equals("title")) { // the last, for it may have commas
                return new People(entity, language, Optional.of(rest.substring(equals + 1)));
            }
            if (equals < 0) {
                throw new IllegalArgumentException("people are told by entity=, language= and title=, found " + rest);
            }
            int comma = rest.indexOf(',');
            String value = rest.substring(equals + 1, comma < 0 ? rest.length() : comma);
            switch (what) {
                case "entity" -> entity = Optional.of(new EntityCode(value));
                case "language" -> language = Optional.of(value);
                default ->
                    throw new IllegalArgumentException("people are told by entity, language and title, found " + what);
            }
            rest = comma < 0 ? "" : rest.substring(comma + 1);
        }
        return new People(entity, language, Optional.empty());
    }
}
