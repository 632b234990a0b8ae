package tg.gouv.messagerie.directory.ldap;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.directory.api.ldap.model.exception.LdapInvalidDnException;
import org.apache.directory.api.ldap.model.message.BindRequest;
import org.apache.directory.api.ldap.model.message.BindResponse;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.name.Dn;
import org.apache.directory.server.ldap.LdapSession;
import org.apache.directory.server.ldap.handlers.LdapRequestHandler;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.ldap.Client.Who;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.help.HelpCode;
import tg.gouv.messagerie.platform.settings.Secret;

/** Signing in (RFC 4511 section 4.2): by the name of one's entry or by an address, simply or as SASL PLAIN (RFC 4616). */
final class BindHandler extends LdapRequestHandler<BindRequest> {
    /** What is known of who has signed in. */
    @FunctionalInterface
    interface Known {
        Who who(Account account, String name);
    }

    private final Tree tree;
    private final SignIns signIns;
    private final Sessions sessions;
    private final Known known;

    BindHandler(Tree tree, SignIns signIns, Sessions sessions, Known known) {
        this.tree = tree;
        this.signIns = signIns;
        this.sessions = sessions;
        this.known = known;
    }

    @Override
    public void handle(LdapSession session, BindRequest request) {
        BindResponse response = (BindResponse) request.getResultResponse();
        Client client = new Client(session.getIoSession());
        client.signedOut(); // RFC 4511 section 4.2.1: whatever comes of it, who was signed in is not any more
        Answers.of(response, () -> bind(client, request));
        session.getIoSession().write(response);
    }

    private void bind(Client client, BindRequest request) throws Exception {
        Answers.demandKnown(request);
        if (!request.getVersion3()) {
            throw new Refusal(ResultCodeEnum.PROTOCOL_ERROR, "only version 3 of LDAP is spoken");
        }
        byte[] secret = request.getCredentials() == null ? new byte[0] : request.getCredentials();
        String name = request.getName() == null ? "" : request.getName();
        if (request.isSimple()) {
            if (name.isEmpty() && secret.length == 0) {
                return; // RFC 4513 section 5.1.1: anonymous
            }
            client.demandEncrypted();
            if (secret.length == 0) { // RFC 4513 section 5.1.2
                throw new Refusal(ResultCodeEnum.UNWILLING_TO_PERFORM, "a name without a password signs nobody in");
            }
            signIn(client, login(name), text(secret));
            return;
        }
        client.demandEncrypted();
        if (!"PLAIN".equals(request.getSaslMechanism())) {
            throw new Refusal(ResultCodeEnum.AUTH_METHOD_NOT_SUPPORTED, "sign in simply, or by SASL PLAIN");
        }
        plain(client, secret);
    }

    private void plain(Client client, byte[] message) throws Exception {
        int first = indexOf(message, 0);
        int second = first < 0 ? -1 : indexOf(message, first + 1);
        if (second < 0) {
            throw new Refusal(
                    ResultCodeEnum.PROTOCOL_ERROR, "SASL PLAIN is an identity, a name and a password (RFC 4616)");
        }
        String authorization = text(Arrays.copyOfRange(message, 0, first));
        String authentication = text(Arrays.copyOfRange(message, first + 1, second));
        if (!authorization.isEmpty() && !login(identity(authorization)).equals(login(identity(authentication)))) {
            throw new Refusal(ResultCodeEnum.INVALID_CREDENTIALS, "nobody acts as another");
        }
        signIn(client, login(identity(authentication)), text(Arrays.copyOfRange(message, second + 1, message.length)));
    }

    /** RFC 4513 section 5.2.1.8: {@code dn:…} or {@code u:…}. */
    private static String identity(String written) {
        return written.startsWith("dn:")
                ? written.substring(3)
                : written.startsWith("u:") ? written.substring(2) : written;
    }

    private void signIn(Client client, String login, String secret) throws Refusal, SQLException {
        SignIn outcome = signIns.signIn(login, new Secret(secret), client.address(), SignIns.Protocol.LDAP);
        switch (outcome) {
            case SignIn.Granted granted -> {
                Who who = known.who(
                        granted.actor(),
                        tree.nameOf(granted.actor().id())
                                .orElseThrow(() -> new Refusal(
                                        ResultCodeEnum.INVALID_CREDENTIALS,
                                        HelpCode.WRONG_SECRET.after("wrong name or password"))));
                client.signedIn(
                        who,
                        sessions.began(
                                granted, SignIns.Protocol.LDAP, client.address(), client.session()::closeOnFlush));
            }
            case SignIn.Refused _ ->
                throw new Refusal(
                        ResultCodeEnum.INVALID_CREDENTIALS, HelpCode.WRONG_SECRET.after("wrong name or password"));
            case SignIn.Throttled _ ->
                throw new Refusal(
                        ResultCodeEnum.BUSY,
                        HelpCode.TOO_MANY_ATTEMPTS.after("too many attempts from this network, try again later"));
        }
    }

    /** What {@link SignIns} knows somebody by; a name that nobody has stays what it is, and is refused at the same cost. */
    private String login(String name) throws SQLException {
        if (name.indexOf('=') < 0) {
            return name;
        }
        try {
            Optional<String> address = tree.login(new Dn(tree.base().schema(), name));
            return address.orElse(name);
        } catch (LdapInvalidDnException e) {
            return name;
        }
    }

    private static int indexOf(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
