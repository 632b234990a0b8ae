package tg.gouv.messagerie.mail.filters;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.apache.james.core.Username;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.submission.Plain;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** One client of ManageSieve (RFC 5804), on its own thread. */
final class ManageSieveConnection implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(ManageSieveConnection.class);

    /** RFC 5804 section 1.2 asks for 30 minutes after sign-in; before, nothing is worth waiting for. */
    private static final int BEFORE_SIGN_IN_MILLIS = 120_000;

    private static final int BEFORE_SIGN_IN_MAX = 16 * 1024;
    private static final int FAILURES_MAX = 3;
    private static final int ERRORS_MAX = 10;

    private final ManageSieveParts parts;
    private Socket socket;
    private CommandReader reader;
    private @Nullable Scripts scripts;
    private String owner = "";
    private boolean encrypted;
    private int failures;
    private int errors;
    private boolean open = true;

    ManageSieveConnection(ManageSieveParts parts, Socket socket) throws IOException {
        this.parts = parts;
        this.socket = socket;
        socket.setSoTimeout(BEFORE_SIGN_IN_MILLIS);
        this.reader = new CommandReader(socket.getInputStream(), BEFORE_SIGN_IN_MAX);
    }

    @Override
    public void run() {
        try (Socket _ = socket) {
            write(capabilities() + "OK " + Answer.string(parts.hostName() + " ManageSieve"));
            while (open) {
                serveOne();
            }
        } catch (SocketTimeoutException e) {
            say(Answer.bye("Trop long silence / Idle for too long"));
        } catch (IOException e) {
            log.debug("event=client_gone protocol=managesieve", e);
        } finally {
            close();
        }
    }

    private void serveOne() throws IOException {
        try {
            List<String> command = reader.read();
            if (!command.isEmpty()) {
                write(answer(command.getFirst().toUpperCase(Locale.ROOT), command.subList(1, command.size())));
            }
        } catch (Malformed e) {
            errors++;
            boolean last = e.isLast() || errors >= ERRORS_MAX;
            String sentence = "Commande illisible / Command cannot be read: " + e.getMessage();
            write(last ? Answer.bye(sentence) : Answer.no(sentence));
            open = !last;
        } catch (StoreUnavailable | FiltersUnavailable e) {
            log.warn("event=filters_unavailable protocol=managesieve", e);
            write(Answer.no("TRYLATER", "Service momentanement indisponible / Temporarily unavailable"));
        }
    }

    private String answer(String command, List<String> arguments) throws IOException, Malformed {
        return switch (command) {
            case "CAPABILITY" -> capabilities() + "OK";
            case "NOOP" -> arguments.isEmpty() ? "OK" : "OK (TAG " + Answer.string(arguments.getFirst()) + ") \"\"";
            case "STARTTLS" -> startTls();
            case "AUTHENTICATE" -> authenticate(arguments);
            case "UNAUTHENTICATE" -> unauthenticate();
            case "LOGOUT" -> {
                open = false;
                yield "OK \"Au revoir / Bye\"";
            }
            default -> {
                Scripts mine = scripts;
                yield mine == null ? Answer.no("Connectez-vous d'abord / Authenticate first") : answer(mine, command, arguments);
            }
        };
    }

    private static String answer(Scripts scripts, String command, List<String> arguments) throws Malformed {
        return switch (command) {
            case "LISTSCRIPTS" -> scripts.list();
            case "GETSCRIPT" -> scripts.get(argument(arguments, 0));
            case "CHECKSCRIPT" -> scripts.check(argument(arguments, 0));
            case "PUTSCRIPT" -> scripts.put(argument(arguments, 0), argument(arguments, 1));
            case "HAVESPACE" -> scripts.haveSpace(argument(arguments, 0), argument(arguments, 1));
            case "SETACTIVE" -> scripts.activate(argument(arguments, 0));
            case "DELETESCRIPT" -> scripts.delete(argument(arguments, 0));
            case "RENAMESCRIPT" -> scripts.rename(argument(arguments, 0), argument(arguments, 1));
            default -> throw Malformed.command("unknown");
        };
    }

    private static String argument(List<String> arguments, int index) throws Malformed {
        if (index >= arguments.size()) {
            throw Malformed.command("an argument is missing");
        }
        return arguments.get(index);
    }

    private String startTls() throws IOException {
        if (encrypted) {
            return Answer.no("Deja chiffre / Already encrypted");
        }
        if (reader.holdsMore()) { // RFC 5804 section 2.2: what was sent in clear must not be obeyed later
            open = false;
            return Answer.bye("Rien apres STARTTLS en clair / Nothing may follow STARTTLS in clear");
        }
        write("OK \"TLS\"");
        SSLSocket tls = (SSLSocket) parts.identity().serverContext().getSocketFactory().createSocket(socket, null, true);
        tls.setSoTimeout(BEFORE_SIGN_IN_MILLIS);
        tls.startHandshake();
        socket = tls;
        reader = new CommandReader(tls.getInputStream(), BEFORE_SIGN_IN_MAX);
        encrypted = true;
        return capabilities() + "OK";
    }

    private String authenticate(List<String> arguments) throws IOException, Malformed {
        if (!encrypted) {
            return Answer.no("ENCRYPT-NEEDED", "Chiffrez d'abord la connexion / Encrypt the connection first");
        }
        if (scripts != null) {
            return Answer.no("Deja connecte / Already authenticated");
        }
        if (!argument(arguments, 0).equalsIgnoreCase("PLAIN")) {
            return Answer.no("Mecanisme inconnu / Unknown mechanism");
        }
        Optional<Plain> said = Plain.read(arguments.size() > 1 ? arguments.get(1) : ask());
        return said.isEmpty() ? failed("Reponse illisible / Response cannot be read") : signIn(said.get());
    }

    private String ask() throws IOException, Malformed {
        write("\"\"");
        return argument(reader.read(), 0);
    }

    private String signIn(Plain said) throws IOException {
        return switch (parts.signIns()
                .signIn(said.login(), said.secret(), socket.getInetAddress(), SignIns.Protocol.MANAGESIEVE)) {
            case SignIn.Granted granted -> {
                owner = granted.account().primary().toString();
                scripts = new Scripts(parts.repository(), parts.parser(), Username.of(owner));
                socket.setSoTimeout(Math.toIntExact(parts.settings().idleTimeout().toMillis()));
                reader = new CommandReader(socket.getInputStream(), parts.settings().scriptMax());
                yield "OK";
            }
            case SignIn.Refused() -> failed("Adresse ou mot de passe incorrect / Invalid credentials");
            case SignIn.Throttled(_) -> Answer.no("TRYLATER", "Reessayez plus tard / Try again later");
        };
    }

    private String failed(String sentence) {
        failures++;
        open = failures < FAILURES_MAX;
        return open ? Answer.no(sentence) : Answer.bye(sentence);
    }

    private String unauthenticate() throws IOException {
        if (scripts == null) {
            return Answer.no("Pas connecte / Not authenticated");
        }
        scripts = null;
        owner = "";
        socket.setSoTimeout(BEFORE_SIGN_IN_MILLIS);
        return "OK";
    }

    private String capabilities() {
        return "\"IMPLEMENTATION\" \"Messagerie\"\r\n"
                + "\"SASL\" " + (encrypted && scripts == null ? "\"PLAIN\"" : "\"\"") + "\r\n"
                + "\"SIEVE\" " + Answer.string(Scripts.extensions(parts.parser())) + "\r\n"
                + (encrypted ? "" : "\"STARTTLS\"\r\n")
                + "\"UNAUTHENTICATE\"\r\n"
                + (owner.isEmpty() ? "" : "\"OWNER\" " + Answer.string(owner) + "\r\n")
                + "\"VERSION\" \"1.0\"\r\n";
    }

    private void say(String answer) {
        try {
            write(answer);
        } catch (IOException e) {
            log.debug("event=client_gone protocol=managesieve", e);
        }
    }

    private void write(String answer) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Ends the connection, from any thread. */
    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("event=close_failed protocol=managesieve", e);
        }
    }
}
