package tg.gouv.messagerie.mail.transfer.outgoing;

import java.io.IOException;
import java.io.InputStream;
import java.net.IDN;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.blobs.BlobsUnavailable;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;
import tg.gouv.messagerie.platform.settings.Secret;

/** A conversation with another server as its client (RFC 5321), from its greeting to QUIT. Used by one thread. */
final class SmtpClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpClient.class);

    private final Wire wire;
    private final Demands demands;
    private final Patience patience;
    private Map<String, String> extensions = Map.of();
    private boolean lost;

    private SmtpClient(Wire wire, Demands demands, Patience patience) {
        this.wire = wire;
        this.demands = demands;
        this.patience = patience;
    }

    /** How a conversation is protected. */
    enum Security {
        /** Not at all: it was tried. */
        PLAIN,
        /** If the server offers it; whoever it is. */
        OPPORTUNISTIC,
        /** Or it ends; whoever it is. */
        ENCRYPTED,
        /** By STARTTLS, and the server is who it should be. */
        VERIFIED,
        /** The same from the first octet (RFC 8314 section 3.3). */
        VERIFIED_FROM_START
    }

    /** Who we are for a relay. */
    record Login(String user, Secret secret) {}

    /**
     * How to speak.
     *
     * @param hostName our name for EHLO
     * @param context for encryption
     */
    record Demands(String hostName, Security security, SSLContext context, Optional<Login> login) {
        boolean isVerified() {
            return security == Security.VERIFIED || security == Security.VERIFIED_FROM_START;
        }

        Demands inTheClear() {
            return new Demands(hostName, Security.PLAIN, context, login);
        }
    }

    /**
     * Begins a conversation up to where messages may be handed over.
     *
     * @param host the server's name, for TLS and for diagnoses
     * @throws ConnectionLost if the server does not speak with us; the socket is closed
     */
    static SmtpClient open(String host, Socket socket, Demands demands, Patience patience, Deadlines deadlines)
            throws ConnectionLost {
        Wire wire;
        try {
            wire = new Wire(host, socket, deadlines);
        } catch (IOException e) {
            throw new ConnectionLost(Diagnosis.about(host, "4.4.2", "the connection was lost at once"), e);
        }
        SmtpClient client = new SmtpClient(wire, demands, patience);
        try {
            client.begin();
            return client;
        } catch (ConnectionLost e) {
            wire.close();
            throw e;
        }
    }

    private void begin() throws ConnectionLost {
        if (demands.security() == Security.VERIFIED_FROM_START) {
            encrypt();
        }
        Reply greeting = wire.reply(patience.greeting(), "at the greeting");
        if (greeting.code() != 220) {
            // RFC 5321 section 3.1: another of the domain's servers may want mail, or this one later
            throw new ConnectionLost(greeting.forNow(wire.host(), ".3.2"));
        }
        hello();
        switch (demands.security()) {
            case PLAIN, VERIFIED_FROM_START -> {}
            case OPPORTUNISTIC -> startTls(false);
            case ENCRYPTED, VERIFIED -> startTls(true);
        }
        if (demands.login().isPresent()) {
            signIn(demands.login().get());
        }
    }

    private void hello() throws ConnectionLost {
        Reply reply = wire.ask(patience.command(), "EHLO " + demands.hostName(), "at EHLO");
        if (reply.isPositive()) {
            Map<String, String> offered = new HashMap<>();
            for (String line : reply.lines().subList(1, reply.lines().size())) {
                String[] words = line.strip().split("[ =]", 2);
                offered.put(words[0].toUpperCase(Locale.ROOT), words.length == 2 ? words[1].strip() : "");
            }
            extensions = offered;
            return;
        }
        if (!reply.isTransient() && !wire.isEncrypted()) {
            reply = wire.ask(patience.command(), "HELO " + demands.hostName(), "at HELO"); // RFC 5321 section 3.2
            extensions = Map.of();
        }
        if (!reply.isPositive()) {
            throw new ConnectionLost(reply.forNow(wire.host(), ".3.2"));
        }
    }

    private void startTls(boolean demanded) throws ConnectionLost {
        if (extensions.containsKey("STARTTLS")) {
            Reply reply = wire.ask(patience.command(), "STARTTLS", "at STARTTLS");
            if (reply.code() == 220) {
                encrypt();
                extensions = Map.of(); // RFC 3207 section 4.2: nothing that was said before counts
                hello();
                return;
            }
        }
        if (demanded) {
            throw new ConnectionLost(
                    Diagnosis.about(wire.host(), "4.7.4", "the server does not offer encryption, which is demanded"));
        }
    }

    private void encrypt() throws ConnectionLost {
        try {
            wire.encrypt(patience.command(), demands.context(), demands.isVerified());
        } catch (ConnectionLost e) {
            throw new ConnectionLost.NoEncryption(e);
        }
    }

    /** RFC 4954, under TLS only. */
    private void signIn(Login login) throws ConnectionLost {
        if (!wire.isEncrypted()) {
            throw new IllegalStateException("a secret is never sent in the clear");
        }
        Set<String> mechanisms = Set.of(
                extensions.getOrDefault("AUTH", "").toUpperCase(Locale.ROOT).split(" +"));
        Reply reply;
        if (mechanisms.contains("PLAIN")) {
            reply = wire.ask(
                    patience.command(),
                    "AUTH PLAIN "
                            + base64("\0" + login.user() + "\0" + login.secret().reveal()),
                    "at AUTH");
        } else if (mechanisms.contains("LOGIN")) {
            reply = wire.ask(patience.command(), "AUTH LOGIN", "at AUTH");
            if (reply.code() == 334) {
                reply = wire.ask(patience.command(), base64(login.user()), "at AUTH");
            }
            if (reply.code() == 334) {
                reply = wire.ask(patience.command(), base64(login.secret().reveal()), "at AUTH");
            }
        } else {
            throw new ConnectionLost(
                    Diagnosis.about(wire.host(), "4.7.4", "the relay offers no sign-in that is known (PLAIN, LOGIN)"));
        }
        if (reply.code() != 235) {
            throw new ConnectionLost(reply.forNow(wire.host(), ".7.8"));
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    boolean isEncrypted() {
        return wire.isEncrypted();
    }

    String host() {
        return wire.host();
    }

    /** Whether another message may be handed over. */
    boolean isOpen() {
        return !lost;
    }

    /**
     * Hands a message over for some of its recipients.
     *
     * @param recipients at most 100 (RFC 5321 section 4.5.3.1.8)
     * @param verdicts filled for every recipient, whatever happens
     */
    void transfer(OutgoingMail mail, List<String> recipients, Map<String, Verdict> verdicts) {
        try (Deadlines.Deadline _ = wire.whole(patience.whole())) {
            attempt(mail, recipients, verdicts);
        } catch (ConnectionLost e) {
            lost = true;
            recipients.forEach(each -> verdicts.putIfAbsent(each, new Verdict.Later(e.why())));
        } catch (Transmission.Unreadable e) {
            lost = true; // the message is not ended: the server forgets it
            Verdict verdict = verdict(e);
            recipients.forEach(each -> verdicts.putIfAbsent(each, verdict));
        }
        if (lost) {
            wire.close();
        }
    }

    private static Verdict verdict(IOException e) {
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (each instanceof CorruptBlob) {
                return new Verdict.Damaged(Diagnosis.ours("5.6.0", "the stored message is damaged"));
            }
        }
        return new Verdict.Later(Diagnosis.ours("4.3.0", "the stored message cannot be read now"));
    }

    private void attempt(OutgoingMail mail, List<String> recipients, Map<String, Verdict> verdicts)
            throws ConnectionLost, Transmission.Unreadable {
        List<String> to = new ArrayList<>(recipients);
        Optional<String> from = envelope(mail, to, verdicts);
        if (from.isEmpty() || to.isEmpty()) {
            return;
        }
        List<String> accepted = announce(from.get(), to, verdicts);
        if (accepted.isEmpty()) {
            return;
        }
        Reply ready = wire.ask(patience.data(), "DATA", "at DATA");
        if (ready.code() != 354) {
            refuse(ready, ".0.0", accepted, verdicts);
            reset();
            return;
        }
        try (InputStream message = opened(mail)) {
            new Transmission(wire, patience.block()).send(message);
        } catch (ConnectionLost | Transmission.Unreadable e) {
            throw e;
        } catch (IOException e) {
            throw new Transmission.Unreadable(e);
        }
        end(accepted, verdicts);
    }

    private static InputStream opened(OutgoingMail mail) throws Transmission.Unreadable {
        try {
            return mail.octets().open();
        } catch (IOException e) {
            throw new Transmission.Unreadable(e);
        }
    }

    /**
     * The command MAIL, or nothing if the message cannot go there.
     *
     * @param to those who cannot have it are removed
     */
    private Optional<String> envelope(OutgoingMail mail, List<String> to, Map<String, Verdict> verdicts)
            throws Transmission.Unreadable {
        boolean eightBit;
        try {
            mail.octets().check();
            try (InputStream message = mail.octets().open()) {
                eightBit = Transmission.isEightBit(message);
            }
        } catch (IOException e) {
            Verdict verdict = verdict(e);
            to.forEach(each -> verdicts.put(each, verdict));
            return Optional.empty();
        } catch (BlobsUnavailable _) {
            Verdict verdict = new Verdict.Later(Diagnosis.ours("4.3.0", "the stored message cannot be read now"));
            to.forEach(each -> verdicts.put(each, verdict));
            return Optional.empty();
        }
        Optional<Diagnosis> why = impossible(mail, eightBit);
        if (why.isPresent()) {
            to.forEach(each -> verdicts.put(each, new Verdict.Never(why.get())));
            return Optional.empty();
        }
        String from = path(mail.sender());
        boolean international = !isAscii(from);
        for (String each : List.copyOf(to)) {
            if (!isAscii(path(each)) || international) {
                if (!extensions.containsKey("SMTPUTF8")) {
                    to.remove(each); // RFC 6531 section 3.5
                    verdicts.put(
                            each,
                            new Verdict.Never(Diagnosis.about(
                                    wire.host(), "5.6.7", "the server takes no address beyond ASCII (SMTPUTF8)")));
                } else {
                    international = true;
                }
            }
        }
        StringBuilder command = new StringBuilder("MAIL FROM:<").append(from).append('>');
        if (extensions.containsKey("SIZE")) {
            command.append(" SIZE=").append(mail.octets().size()); // RFC 1870
        }
        if (eightBit && extensions.containsKey("8BITMIME")) {
            command.append(" BODY=8BITMIME"); // RFC 6152
        }
        if (international) {
            command.append(" SMTPUTF8");
        }
        return Optional.of(command.toString());
    }

    private Optional<Diagnosis> impossible(OutgoingMail mail, boolean eightBit) {
        String most = extensions.getOrDefault("SIZE", "");
        if (most.matches("[0-9]{1,18}")
                && Long.parseLong(most) > 0
                && mail.octets().size() > Long.parseLong(most)) {
            return Optional.of(Diagnosis.about(
                    wire.host(),
                    "5.3.4", // RFC 1870 section 6.1
                    "the message has " + mail.octets().size() + " octets, the server takes " + most + " at most"));
        }
        if (eightBit && !extensions.containsKey("8BITMIME")) {
            return Optional.of(Diagnosis.about(
                    wire.host(),
                    "5.6.3",
                    "the message has octets above 127, which the server does not take (8BITMIME)"));
        }
        return Optional.empty();
    }

    /** Sends MAIL and every RCPT; the recipients that were accepted. */
    private List<String> announce(String from, List<String> to, Map<String, Verdict> verdicts) throws ConnectionLost {
        List<String> commands = new ArrayList<>();
        commands.add(from);
        to.forEach(each -> commands.add("RCPT TO:<" + path(each) + ">"));
        boolean pipelined = extensions.containsKey("PIPELINING"); // RFC 2920
        wire.send(patience.command(), pipelined ? commands : commands.subList(0, 1));
        Reply mail = heard(wire.reply(patience.command(), "at MAIL"));
        List<String> accepted = new ArrayList<>();
        if (!mail.isPositive()) {
            refuse(mail, ".0.0", to, verdicts);
        }
        for (int i = 0; i < to.size() && (pipelined || mail.isPositive()); i++) {
            if (!pipelined) {
                wire.send(patience.command(), List.of(commands.get(i + 1)));
            }
            Reply reply = heard(wire.reply(patience.command(), "at RCPT"));
            if (!mail.isPositive()) {
                continue; // it says the same again
            }
            if (reply.isPositive()) {
                accepted.add(to.get(i));
            } else {
                verdicts.put(to.get(i), refused(reply, !accepted.isEmpty()));
            }
        }
        if (accepted.isEmpty()) {
            reset();
        }
        return accepted;
    }

    private Verdict refused(Reply reply, boolean afterOthers) {
        // RFC 5321 section 4.5.3.1.10: 452, or an old server's 552, after others were accepted
        if (afterOthers && (reply.code() == 452 || reply.code() == 552)) {
            return new Verdict.TooMany(reply.forNow(wire.host(), ".5.3"));
        }
        return Verdict.of(reply.diagnosis(wire.host(), ".0.0"));
    }

    private void refuse(Reply reply, String otherwise, List<String> whom, Map<String, Verdict> verdicts)
            throws ConnectionLost {
        heard(reply);
        if (reply.code() / 100 == 3 || reply.isPositive()) {
            throw new ConnectionLost(
                    Diagnosis.about(wire.host(), "4.5.0", "the server does not speak SMTP: " + reply.text()));
        }
        Verdict verdict = Verdict.of(reply.diagnosis(wire.host(), otherwise));
        whom.forEach(each -> verdicts.put(each, verdict));
    }

    private Reply heard(Reply reply) throws ConnectionLost {
        if (reply.isGoodbye()) {
            throw new ConnectionLost(reply.diagnosis(wire.host(), ".3.2"));
        }
        return reply;
    }

    private void end(List<String> accepted, Map<String, Verdict> verdicts) throws ConnectionLost {
        Reply reply;
        try {
            reply = wire.reply(patience.end(), "after the end of the message");
        } catch (ConnectionLost e) {
            // RFC 1047: it may have arrived. It is sent again, under the same Message-ID.
            throw new ConnectionLost(
                    new Diagnosis(
                            e.why().status(),
                            e.why().text() + "; it may have arrived all the same",
                            e.why().host(),
                            false),
                    e);
        }
        if (reply.isPositive()) {
            accepted.forEach(each -> verdicts.put(each, new Verdict.Taken(wire.host() + ": " + reply.text())));
        } else {
            refuse(reply, ".0.0", accepted, verdicts);
        }
    }

    private void reset() throws ConnectionLost {
        Reply reply = heard(wire.ask(patience.command(), "RSET", "at RSET"));
        if (!reply.isPositive()) {
            throw new ConnectionLost(reply.forNow(wire.host(), ".5.1"));
        }
    }

    /** An address as MAIL and RCPT have it: the domain in ASCII if the local part is. */
    private static String path(String address) {
        String clean = address.replaceAll("[\\p{Cntrl}<>]", "");
        int at = clean.lastIndexOf('@');
        if (at < 0 || isAscii(clean) || !isAscii(clean.substring(0, at))) {
            return clean;
        }
        try {
            return clean.substring(0, at + 1) + IDN.toASCII(clean.substring(at + 1)); // RFC 5890
        } catch (IllegalArgumentException _) {
            return clean;
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(each -> each < 128);
    }

    /** Ends the conversation (RFC 5321 section 4.1.1.10). */
    @Override
    public void close() {
        if (!lost) {
            lost = true;
            try {
                wire.ask(Patience.QUIT, "QUIT", "at QUIT");
            } catch (ConnectionLost e) {
                LOG.debug("event=no-goodbye host={}", wire.host(), e);
            }
        }
        wire.close();
    }

    /** Breaks the conversation off, from any thread. */
    void breakOff() {
        wire.close();
    }
}
