package tg.gouv.messagerie.mail.submission;

import java.net.InetAddress;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;

/** What a client says to sign in. */
public sealed interface Said permits Plain, Bearer {
    /** Signs in with it; blocks, and throws, as {@link SignIns} does. */
    SignIn signIn(SignIns signIns, InetAddress from, SignIns.Protocol protocol);
}
