package tg.gouv.messagerie.deploy.routes;

import java.util.UUID;

/** What the outbox says of an account of whose person everything is erased. */
record AccountErased(UUID account) {
    static final String TOPIC = "account-erased";
}
