package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.DatabaseOver;

/** Two mail servers on one database, of which a third one hears no wake-up. */
class TwoNodesTest {
    private static final int STEPS = 250;

    private static TestMail mail;
    private static MailServer second;
    private static MailServer deaf;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.settings());
        second = mail.beside(database -> database);
        deaf = mail.beside(Deaf::new);
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    @Test
    void anIdleOnOneNodeShowsWhatHappensOnTheOther() throws IOException {
        String address = Objects.requireNonNull(mail.cast().get("ama"));
        try (ImapClient here = new ImapClient(mail.server(), address);
                ImapClient there = new ImapClient(second, address)) {
            here.say("SELECT INBOX");
            here.idle();
            Instant before = Instant.now();
            there.append("INBOX", "un", "");
            assertThat(here.line()).isEqualTo("* 1 EXISTS");
            assertThat(Duration.between(before, Instant.now())).isLessThan(TestMail.LOOK_EVERY);
            assertThat(here.line()).isEqualTo("* 1 RECENT");
            there.say("SELECT INBOX");
            there.say("STORE 1 +FLAGS (\\Flagged Urgent)");
            assertThat(here.line()).startsWith("* FLAGS (").contains("Urgent");
            assertThat(here.line()).contains("PERMANENTFLAGS");
            assertThat(here.line()).startsWith("* 1 FETCH").contains("\\Flagged", "Urgent", "\\Recent");
            there.say("STORE 1 +FLAGS.SILENT (\\Deleted)");
            assertThat(here.line()).startsWith("* 1 FETCH");
            there.say("EXPUNGE");
            assertThat(here.line()).isEqualTo("* 1 EXPUNGE");
        }
    }

    @Test
    void anIdleWhoseWakeUpsAreLostShowsItALittleLater() throws IOException {
        String address = Objects.requireNonNull(mail.cast().get("ama"));
        try (ImapClient here = new ImapClient(deaf, address);
                ImapClient there = new ImapClient(second, address)) {
            here.say("SELECT INBOX");
            here.idle();
            there.append("INBOX", "un", "");
            assertThat(here.line()).isEqualTo("* 1 EXISTS");
            assertThat(here.line()).isEqualTo("* 1 RECENT");
            here.done();
            there.say("SELECT INBOX");
            there.say("CREATE Autre");
            here.say("SELECT Autre");
            here.idle();
            there.say("DELETE Autre");
            assertThat(here.line()).startsWith("* BYE");
            assertThat(here.isOver()).isTrue();
        }
    }

    /** Whatever is lost, what a client means by a number is what it gets. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void numbersMeanToEverySessionWhatItWasTold(long seed) throws IOException {
        String address = Objects.requireNonNull(mail.cast().get("ama"));
        Random random = new Random(seed);
        Model model = new Model();
        List<View> views = new ArrayList<>();
        try {
            for (MailServer node : List.of(mail.server(), second, deaf, deaf)) {
                views.add(new View(new ImapClient(node, address), model));
            }
            views.getFirst().client.say("CREATE Ailleurs");
            for (View view : views) {
                view.read(view.client.say("SELECT INBOX"));
            }
            for (int step = 0; step < STEPS; step++) {
                views.get(random.nextInt(views.size())).act(random);
            }
            for (View view : views) {
                view.read(view.client.say("NOOP"));
                view.read(view.client.say("UID FETCH 1:* (UID FLAGS)"));
                assertThat(view.uids).containsExactlyElementsOf(model.subjects.keySet());
                assertThat(view.flags).isEqualTo(model.keywords);
            }
        } finally {
            for (View view : views) {
                view.client.close();
            }
        }
    }

    /** What is in the mailbox: the test does one thing after another. */
    private static final class Model {
        final NavigableMap<Long, String> subjects = new TreeMap<>();
        final NavigableMap<Long, NavigableSet<String>> keywords = new TreeMap<>();
        private int last;

        String newSubject() {
            return "sujet" + ++last;
        }

        void add(long uid, String subject) {
            subjects.put(uid, subject);
            keywords.put(uid, new TreeSet<>());
        }

        NavigableSet<String> keywordsOf(long uid) {
            return Objects.requireNonNull(keywords.get(uid));
        }

        String subjectOf(long uid) {
            return Objects.requireNonNull(subjects.get(uid));
        }

        void remove(long uid) {
            subjects.remove(uid);
            keywords.remove(uid);
        }
    }

    /** What one client knows by what it was told, and nothing else. */
    private static final class View {
        private static final Pattern EXISTS = Pattern.compile("\\* (\\d+) EXISTS");
        private static final Pattern EXPUNGE = Pattern.compile("\\* (\\d+) EXPUNGE");
        private static final Pattern FETCH = Pattern.compile("\\* (\\d+) FETCH \\((.*)\\)");
        private static final Pattern UID = Pattern.compile("UID (\\d+)");
        private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");
        private static final Pattern APPENDED = Pattern.compile(".*APPENDUID \\d+ (\\d+).*");
        private static final Pattern COPIED = Pattern.compile(".*COPYUID \\d+ \\d+ (\\d+).*");

        private final ImapClient client;
        private final Model model;

        /** By sequence number; 0 where the client was not told which UID it is. */
        private final List<Long> uids = new ArrayList<>();

        private final Map<Long, NavigableSet<String>> flags = new TreeMap<>();
        private NavigableSet<String> known = new TreeSet<>();

        View(ImapClient client, Model model) {
            this.client = client;
            this.model = model;
        }

        void read(List<String> lines) {
            lines.forEach(this::read);
        }

        private void read(String line) {
            Matcher exists = EXISTS.matcher(line);
            Matcher expunge = EXPUNGE.matcher(line);
            Matcher fetch = FETCH.matcher(line);
            if (line.startsWith("* FLAGS (")) {
                known = words(line.substring(9, line.length() - 1));
            } else if (exists.matches()) {
                int count = Integer.parseInt(exists.group(1));
                assertThat(count).as("EXISTS never decreases").isGreaterThanOrEqualTo(uids.size());
                while (uids.size() < count) {
                    uids.add(0L);
                }
            } else if (expunge.matches()) {
                long gone = uids.remove(Integer.parseInt(expunge.group(1)) - 1);
                flags.remove(gone);
                assertThat(model.subjects).doesNotContainKey(gone);
            } else if (fetch.matches()) {
                fetched(Integer.parseInt(fetch.group(1)), fetch.group(2));
            }
        }

        private void fetched(int number, String items) {
            Matcher uid = UID.matcher(items);
            if (uid.find()) {
                long told = uids.get(number - 1);
                assertThat(told).as("what %d is", number).isIn(0L, Long.valueOf(uid.group(1)));
                uids.set(number - 1, Long.valueOf(uid.group(1)));
            }
            Matcher set = FLAGS.matcher(items);
            if (set.find()) {
                NavigableSet<String> words = words(set.group(1));
                words.removeIf(word -> word.startsWith("\\"));
                assertThat(known).as("keywords are announced").containsAll(words);
                flags.put(uids.get(number - 1), words);
            }
        }

        private static NavigableSet<String> words(String text) {
            return new TreeSet<>(List.of(text.isEmpty() ? new String[0] : text.split(" ")));
        }

        void act(Random random) throws IOException {
            int kind = random.nextInt(10);
            if (kind < 3) {
                append();
            } else if (kind < 4) {
                read(client.say("NOOP"));
            } else if (uids.isEmpty()) {
                read(client.say("CHECK"));
            } else {
                onOne(kind, 1 + random.nextInt(uids.size()), random);
            }
        }

        private void append() throws IOException {
            String subject = model.newSubject();
            List<String> answer = client.append("INBOX", subject, "");
            model.add(number(APPENDED, answer), subject);
            read(answer);
        }

        private void onOne(int kind, int number, Random random) throws IOException {
            long uid = uidOf(number);
            if (uid < 0) {
                return;
            }
            boolean isThere = model.subjects.containsKey(uid);
            switch (kind) {
                case 4, 5 -> {
                    String word = "mot" + random.nextInt(12);
                    if (isThere) {
                        model.keywordsOf(uid).add(word);
                    }
                    read(client.say("STORE " + number + " +FLAGS" + (random.nextBoolean() ? ".SILENT" : "") + " ("
                            + word + ")"));
                    if (isThere) {
                        flags.computeIfAbsent(uid, _ -> new TreeSet<>()).add(word);
                    }
                }
                case 6 -> {
                    List<String> copied = client.ask("COPY " + number + " INBOX");
                    if (isThere) {
                        long copy = number(COPIED, copied);
                        model.add(copy, model.subjectOf(uid));
                        model.keywordsOf(copy).addAll(model.keywordsOf(uid));
                    }
                    read(copied);
                }
                case 7 -> {
                    model.remove(uid);
                    read(client.ask("MOVE " + number + " Ailleurs"));
                }
                case 8 -> {
                    model.remove(uid);
                    read(client.say("STORE " + number + " +FLAGS.SILENT (\\Deleted)"));
                    read(client.say("UID EXPUNGE " + uid));
                }
                default -> {
                    List<String> lines =
                            client.say("FETCH " + number + " (UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])");
                    read(lines);
                    if (isThere) {
                        assertThat(lines).contains("Subject: " + model.subjectOf(uid));
                    }
                }
            }
        }

        private long uidOf(int number) throws IOException {
            if (uids.get(number - 1) == 0) {
                read(client.say("FETCH " + number + " (UID)"));
                if (uids.get(number - 1) == 0) { // it went already: the numbers say so soon
                    return -1;
                }
            }
            return uids.get(number - 1);
        }

        private static long number(Pattern pattern, List<String> answer) {
            return answer.stream()
                    .map(pattern::matcher)
                    .filter(Matcher::matches)
                    .map(found -> Long.parseLong(found.group(1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(answer.toString()));
        }
    }

    /** A database whose notifications get lost. */
    private record Deaf(Database database) implements DatabaseOver {
        @Override
        public AutoCloseable listen(String channel, Consumer<String> heard) {
            return () -> {};
        }
    }
}
