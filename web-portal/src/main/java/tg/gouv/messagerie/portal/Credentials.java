package tg.gouv.messagerie.portal;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;

/** What a client says of itself in the Authorization field (RFC 9110 section 11.6.2). */
sealed interface Credentials permits BasicCredentials, BearerCredentials {
    /** Signs in with it; blocks, and throws, as {@link SignIns} does. */
    SignIn signIn(SignIns signIns, InetAddress from, SignIns.Protocol protocol);

    /** What of it is understood here: tokens where a provider is named; empty unless there is exactly one such field. */
    static Optional<Credentials> of(HttpFields fields, SignIns signIns) {
        List<String> authorization = fields.getValuesList(HttpHeader.AUTHORIZATION);
        Optional<Credentials> basic = BasicCredentials.of(authorization).map(it -> it);
        return signIns.provider().isEmpty() ? basic : basic.or(() -> BearerCredentials.of(authorization));
    }
}
