package tg.gouv.messagerie.platform.audit;

import java.util.UUID;

/** Who acted. */
public sealed interface Actor {
    /** Somebody with an account: a person or an application, known by what never changes. */
    record Account(UUID id) implements Actor {}

    /** A user of the operating system, at the command line of this machine. */
    record SystemUser(String name) implements Actor {
        public SystemUser {
            AuditText.demand(name);
        }
    }

    /** The program itself: nobody asked it just then. */
    record Program() implements Actor {}

    /** A login that nobody has; its text is not kept, it may be a password. */
    record Nobody() implements Actor {}

    /** The actor as the trail writes it, such as {@code account:0199…} or {@code program}. */
    default String text() {
        return switch (this) {
            case Account(UUID id) -> "account:" + id;
            case SystemUser(String name) -> "system-user:" + name;
            case Program() -> "program";
            case Nobody() -> "nobody";
        };
    }
}
