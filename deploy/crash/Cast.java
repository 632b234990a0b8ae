package crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import client.Line;
import client.Sheet;
import client.Sheet.Account;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Who plays what.
 *
 * @param sender submits
 * @param plain receives every submission in INBOX
 * @param filtering receives every submission and has a Sieve script
 * @param redirected receives what the script redirects
 * @param appending appends to the own INBOX over IMAP
 * @param importing imports into the own INBOX over JMAP
 */
record Cast(
        Account sender,
        Account plain,
        Account filtering,
        Account redirected,
        Account appending,
        Account importing) {
    /** Words of a subject that the script looks for. */
    static final String FILE = "a-classer";
    static final String REDIRECT = "a-transmettre";

    static Cast of(Sheet sheet) {
        return new Cast(sheet.person(0), sheet.person(1), sheet.person(2), sheet.person(3), sheet.person(4), sheet.person(5));
    }

    List<Account> recipients() {
        return List.of(plain, filtering);
    }

    /** Activates the Sieve script (RFC 5804). */
    void install(Sheet sheet) throws Exception {
        String script = """
                require ["fileinto"];
                if header :contains "Subject" "%s" { fileinto "Archive"; stop; }
                if header :contains "Subject" "%s" { redirect "%s"; stop; }
                """.formatted(FILE, REDIRECT, redirected.address());
        try (Line sieve = Line.open(sheet.host(), sheet.port("managesieve"), Optional.empty())) {
            until(sieve, "OK");
            sieve.send("STARTTLS");
            until(sieve, "OK");
            sieve.secure(sheet, "managesieve");
            until(sieve, "OK");
            String initial = "\0" + filtering.login() + "\0" + filtering.password();
            sieve.send("AUTHENTICATE \"PLAIN\" \"" + Base64.getEncoder().encodeToString(initial.getBytes(UTF_8)) + "\"");
            until(sieve, "OK");
            sieve.send("PUTSCRIPT \"crash\" {" + script.getBytes(UTF_8).length + "+}");
            sieve.write(script.getBytes(UTF_8));
            sieve.send("");
            until(sieve, "OK");
            sieve.send("SETACTIVE \"crash\"");
            until(sieve, "OK");
        }
    }

    private static void until(Line sieve, String wanted) throws IOException {
        String read = sieve.read();
        while (!read.startsWith(wanted)) {
            if (read.startsWith("NO") || read.startsWith("BYE")) {
                throw new IOException(read);
            }
            read = sieve.read();
        }
    }
}
