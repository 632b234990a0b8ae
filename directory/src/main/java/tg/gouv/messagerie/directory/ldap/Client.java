package tg.gouv.messagerie.directory.ldap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.mina.core.session.IoSession;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.platform.help.HelpCode;

/** A connection: whether it is encrypted, and who has signed in on it. */
record Client(IoSession session) {
    /** The filter that encrypts, if it is there. */
    static final String TLS = "sslFilter";

    private static final String WHO = "messagerie.who";
    private static final String STANDING = "messagerie.standing";

    /**
     * Who has signed in.
     *
     * @param name of their entry, without the base
     * @param administrator whether they write below {@code ou=applications}, and search without bounds
     */
    record Who(Account account, String name, boolean administrator, Sight sight) {}

    boolean isEncrypted() {
        return session.getFilterChain().contains(TLS);
    }

    Optional<Who> who() {
        return Optional.ofNullable((Who) session.getAttribute(WHO));
    }

    /** Somebody has signed in, for as long as that stands. */
    void signedIn(Who who, Sessions.Session standing) {
        session.setAttribute(STANDING, standing);
        session.setAttribute(WHO, who);
        if (!session.isConnected()) {
            signedOut(); // it closed meanwhile, and nobody will be told again
        }
    }

    /** Nobody is signed in from now on. */
    void signedOut() {
        session.removeAttribute(WHO);
        if (session.removeAttribute(STANDING) instanceof Sessions.Session standing) {
            standing.close();
        }
    }

    /** Where it comes from. */
    InetAddress address() {
        return session.getRemoteAddress() instanceof InetSocketAddress it && it.getAddress() != null
                ? it.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /** Who has signed in, on a connection that is encrypted. */
    Who demandWho() throws Refusal {
        demandEncrypted();
        return who().orElseThrow(() -> new Refusal(
                ResultCodeEnum.INSUFFICIENT_ACCESS_RIGHTS, HelpCode.SIGN_IN_FIRST.after("sign in first (bind)")));
    }

    void demandEncrypted() throws Refusal {
        if (!isEncrypted()) {
            throw new Refusal(
                    ResultCodeEnum.CONFIDENTIALITY_REQUIRED,
                    HelpCode.ENCRYPT_FIRST.after("encrypt first: StartTLS, or the port of LDAPS"));
        }
    }
}
