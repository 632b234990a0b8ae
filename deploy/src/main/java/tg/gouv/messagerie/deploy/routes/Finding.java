package tg.gouv.messagerie.deploy.routes;

import java.time.Instant;

/** Something that an administrator must look at, as the outbox carries it. */
sealed interface Finding {
    /** By which it is known that it was told already. */
    String key();

    /** The outbox's topic for it, and its route. */
    String topic();

    /**
     * Messages of the outbox were given up; over when none of the topic is left.
     *
     * @param dead how many there were
     * @param cause what the last attempt on the last one said; no content
     */
    record DeadLettersFound(String ofTopic, long dead, String cause) implements Finding {
        static final String TOPIC = "dead-letters-found";
        static final String KEYS = "dead-letters:";

        @Override
        public String key() {
            return KEYS + ofTopic;
        }

        @Override
        public String topic() {
            return TOPIC;
        }
    }

    /**
     * The server's certificate ends soon, and nobody has replaced it.
     *
     * @param server its first name
     * @param endsEpochSecond when it ends
     */
    record CertificateEnds(String server, long endsEpochSecond) implements Finding {
        static final String TOPIC = "certificate-ends";

        @Override
        public String key() {
            return "certificate:" + server + ":" + ends();
        }

        @Override
        public String topic() {
            return TOPIC;
        }

        Instant ends() {
            return Instant.ofEpochSecond(endsEpochSecond);
        }
    }
}
