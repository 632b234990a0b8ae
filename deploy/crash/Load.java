package crash;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import client.Imap;
import client.Jmap;
import client.Ldap;
import client.Line;
import client.Sheet;
import client.Sheet.Account;
import crash.Journal.Entry;
import crash.Journal.Kind;
import crash.Journal.Sent;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Clients that work, connect again when their connections break, and note in the journal what they are told. */
final class Load implements AutoCloseable {
    static final String ID = "X-Crash-Id";

    /** How the names of the entries begin. */
    static final String ENTRY = "chute-";

    private static final int SUBMITTERS = 4;
    private static final int APPENDERS = 2;
    private static final int IMPORTERS = 1;
    private static final int WRITERS = 2;
    private static final long CONNECTS_AGAIN_AFTER_MILLIS = 250;

    /** Some above 32 KB, so that they become objects. */
    private static final int BYTES_MAX = 60_000;

    private static final int WITHIN_THE_ROW_MAX = 32 * 1024;

    private static final Pattern APPENDUID = Pattern.compile(".*\\[APPENDUID (\\d+ \\d+)\\].*");

    private final Sheet sheet;
    private final Cast cast;
    private final Journal journal;
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean over;

    private Load(Sheet sheet, Cast cast, Journal journal) {
        this.sheet = sheet;
        this.cast = cast;
        this.journal = journal;
    }

    static Load start(Sheet sheet, Cast cast, Journal journal, long seed) {
        Load load = new Load(sheet, cast, journal);
        for (int i = 0; i < SUBMITTERS; i++) {
            Random random = new Random(seed + i);
            load.begin(() -> load.submit(random));
        }
        for (int i = 0; i < APPENDERS; i++) {
            Random random = new Random(seed - 1 - i);
            load.begin(() -> load.append(random));
        }
        for (int i = 0; i < IMPORTERS; i++) {
            Random random = new Random(seed + 1_000 + i);
            load.begin(() -> load.importOverJmap(random));
        }
        for (int i = 0; i < WRITERS; i++) {
            Random random = new Random(seed + 2_000 + i);
            load.begin(() -> load.addOverLdap(random));
        }
        return load;
    }

    static boolean canSignIn(Sheet sheet) {
        Account somebody = sheet.person(0);
        try (Imap imap = Imap.signedIn(sheet, somebody.login(), somebody.password())) {
            imap.demand("SELECT INBOX");
            return true;
        } catch (IOException | GeneralSecurityException e) {
            return false;
        }
    }

    private interface Work {
        void run() throws IOException, GeneralSecurityException;
    }

    private void begin(Work work) {
        clients.add(Thread.ofPlatform().start(() -> {
            while (!over) {
                try {
                    work.run();
                } catch (IOException | GeneralSecurityException | RuntimeException e) {
                    pause(); // that it breaks is what the rounds are for
                }
            }
        }));
    }

    private static void pause() {
        try {
            Thread.sleep(CONNECTS_AGAIN_AFTER_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void submit(Random random) throws IOException, GeneralSecurityException {
        try (Line smtp = Line.open(sheet, "submissions")) {
            Account from = cast.sender();
            smtp.expect("220");
            smtp.send("EHLO localhost").expect("250");
            smtp.send("AUTH PLAIN " + base64("\0" + from.login() + "\0" + from.password())).expect("235");
            while (!over) {
                Kind kind = Kind.values()[random.nextInt(Kind.APPENDED.ordinal())];
                String subject = switch (kind) {
                    case FILED -> Cast.FILE;
                    case REDIRECTED -> Cast.REDIRECT;
                    case PLAIN, APPENDED, IMPORTED -> "courant";
                };
                String body = body(random);
                Sent sent = new Sent(Long.toHexString(random.nextLong()), kind, sha256(body.getBytes(US_ASCII)));
                smtp.send("MAIL FROM:<" + from.address() + ">").expect("250");
                for (Account to : cast.recipients()) {
                    smtp.send("RCPT TO:<" + to.address() + ">").expect("250");
                }
                smtp.send("DATA").expect("354");
                journal.begins(sent);
                smtp.write(message(from, subject, sent.id(), body));
                String answer = smtp.send(".").read();
                if (answer.startsWith("250")) {
                    journal.acknowledges(sent);
                } else if (answer.startsWith("452 4.3.1")) {
                    journal.refuses(body.length() > WITHIN_THE_ROW_MAX);
                    pause();
                } else {
                    throw new IOException(answer);
                }
            }
        }
    }

    private void append(Random random) throws IOException, GeneralSecurityException {
        Account owner = cast.appending();
        try (Imap imap = Imap.signedIn(sheet, owner.login(), owner.password())) {
            imap.demand("SELECT INBOX");
            while (!over) {
                String body = body(random);
                Sent sent =
                        new Sent(Long.toHexString(random.nextLong()), Kind.APPENDED, sha256(body.getBytes(US_ASCII)));
                journal.begins(sent);
                String answer = imap.append("INBOX", message(owner, "depot", sent.id(), body));
                Matcher uid = APPENDUID.matcher(answer);
                if (!uid.matches()) {
                    throw new IOException("no APPENDUID: " + answer);
                }
                journal.acknowledges(sent, uid.group(1));
                if (random.nextInt(4) == 0) {
                    imap.demand("UID STORE " + uid.group(1).split(" ")[1] + " +FLAGS.SILENT (\\Flagged)");
                    journal.flags(uid.group(1));
                }
            }
        }
    }

    private void importOverJmap(Random random) throws IOException, GeneralSecurityException {
        Account owner = cast.importing();
        try (Jmap jmap = new Jmap(sheet, owner.login(), owner.password())) {
            String inbox = jmap.mailbox("inbox");
            while (!over) {
                String body = body(random);
                Sent sent =
                        new Sent(Long.toHexString(random.nextLong()), Kind.IMPORTED, sha256(body.getBytes(US_ASCII)));
                journal.begins(sent);
                jmap.importMessage(inbox, message(owner, "import", sent.id(), body));
                journal.acknowledges(sent);
            }
        }
    }

    /** Entries as other programs write them, below {@code ou=applications}. */
    private void addOverLdap(Random random) throws IOException, GeneralSecurityException {
        try (Ldap ldap = Ldap.signedIn(sheet, sheet.administrator())) {
            while (!over) {
                Entry entry = new Entry(ENTRY + Long.toHexString(random.nextLong()), Long.toHexString(random.nextLong()));
                journal.begins(entry);
                int code = ldap.add(
                        "cn=" + entry.name() + "," + applications(sheet),
                        Map.of(
                                "objectClass", List.of("top", "person", "organizationalPerson", "inetOrgPerson"),
                                "cn", List.of(entry.name()),
                                "sn", List.of("Imprimante"),
                                "description", List.of(entry.description())));
                if (code != 0) {
                    throw new IOException("add: " + code);
                }
                journal.acknowledges(entry);
            }
        }
    }

    static String applications(Sheet sheet) {
        return "ou=applications," + sheet.ldapBase();
    }

    private static byte[] message(Account from, String subject, String id, String body) {
        return ("From: <" + from.address() + ">\r\nSubject: " + subject + "\r\n" + ID + ": " + id
                        + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n" + body)
                .getBytes(US_ASCII);
    }

    /** Lines of 70 letters; none begins with a dot, the last has its end. */
    private static String body(Random random) {
        int bytes = 500 + (random.nextInt(8) == 0 ? random.nextInt(BYTES_MAX) : random.nextInt(5_000));
        StringBuilder text = new StringBuilder();
        while (text.length() < bytes) {
            for (int i = 0; i < 70; i++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            text.append("\r\n");
        }
        return text.toString();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** Waits for the clients: most connections were broken by the killing, the others end after an answer. */
    @Override
    public void close() throws IOException {
        over = true;
        for (Thread client : clients) {
            try {
                client.join(90_000);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }
}
