package tg.gouv.messagerie.directory.ldap;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.directory.api.ldap.extras.extended.pwdModify.PasswordModifyRequest;
import org.apache.directory.api.ldap.extras.extended.pwdModify.PasswordModifyResponseImpl;
import org.apache.directory.api.ldap.extras.extended.startTls.StartTlsRequest;
import org.apache.directory.api.ldap.extras.extended.startTls.StartTlsResponseImpl;
import org.apache.directory.api.ldap.extras.extended.whoAmI.WhoAmIRequest;
import org.apache.directory.api.ldap.extras.extended.whoAmI.WhoAmIResponseImpl;
import org.apache.directory.api.ldap.model.message.ExtendedRequest;
import org.apache.directory.api.ldap.model.message.ExtendedResponse;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.server.ldap.LdapSession;
import org.apache.directory.server.ldap.handlers.extended.StartTlsFilter;
import org.apache.directory.server.ldap.handlers.request.ExtendedRequestHandler;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.filterchain.IoFilterChain;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.ssl.SslFilter;
import tg.gouv.messagerie.directory.ldap.Client.Who;

/** Extended operations: StartTLS (RFC 4511 section 4.14), Who am I (RFC 4532), password modify (RFC 3062). */
final class ExtendedHandler extends ExtendedRequestHandler<ExtendedRequest> {
    private final SSLContext tls;
    private final Base base;
    private final OwnPassword passwords;

    ExtendedHandler(SSLContext tls, Base base, OwnPassword passwords) {
        this.tls = tls;
        this.base = base;
        this.passwords = passwords;
    }

    @Override
    public void handle(LdapSession session, ExtendedRequest request) {
        IoSession connection = session.getIoSession();
        Client client = new Client(connection);
        switch (request.getRequestName() == null ? "" : request.getRequestName()) {
            case StartTlsRequest.EXTENSION_OID -> startTls(client, request.getMessageId());
            case WhoAmIRequest.EXTENSION_OID -> {
                WhoAmIResponseImpl response = new WhoAmIResponseImpl(request.getMessageId(), ResultCodeEnum.SUCCESS);
                Answers.of(response, () -> {
                    Answers.demandKnown(request);
                    response.setAuthzId(whoAmI(client));
                });
                boolean nobody = response.getLdapResult().getResultCode() == ResultCodeEnum.SUCCESS
                        && client.who().isEmpty();
                connection.write(nobody ? nobody(request.getMessageId()) : response);
            }
            case PasswordModifyRequest.EXTENSION_OID -> {
                PasswordModifyResponseImpl response =
                        new PasswordModifyResponseImpl(request.getMessageId(), ResultCodeEnum.SUCCESS);
                Answers.of(response, () -> {
                    Answers.demandKnown(request);
                    if (!(request instanceof PasswordModifyRequest asked)) {
                        throw new Refusal(
                                ResultCodeEnum.PROTOCOL_ERROR, "a password modify request has a value (RFC 3062)");
                    }
                    passwords.change(client, asked);
                });
                connection.write(response);
            }
            default -> {
                ExtendedResponse response = (ExtendedResponse) request.getResultResponse();
                Answers.of(response, () -> {
                    throw new Refusal(ResultCodeEnum.PROTOCOL_ERROR, "this extended operation is not known here");
                });
                connection.write(response);
            }
        }
    }

    /** RFC 4532 section 2: the value is there and empty; ApacheDS's codec would leave it out. */
    private static IoBuffer nobody(int messageId) {
        byte[] id = BigInteger.valueOf(messageId).toByteArray();
        IoBuffer message = IoBuffer.allocate(2 + 2 + id.length + 2 + 9);
        message.put((byte) 0x30).put((byte) (2 + id.length + 2 + 9));
        message.put((byte) 0x02).put((byte) id.length).put(id);
        message.put((byte) 0x78).put((byte) 9); // ExtendedResponse: success, no name, no text, [11] empty
        message.put(new byte[] {0x0a, 1, 0, 0x04, 0, 0x04, 0, (byte) 0x8b, 0});
        return message.flip();
    }

    private byte[] whoAmI(Client client) throws Refusal {
        client.demandEncrypted();
        Optional<Who> who = client.who();
        String identity = who.map(it -> "dn:" + base.absolute(it.name())).orElse("");
        return identity.getBytes(StandardCharsets.UTF_8);
    }

    private void startTls(Client client, int messageId) {
        IoSession connection = client.session();
        StartTlsResponseImpl response = new StartTlsResponseImpl(messageId);
        response.setResponseName(StartTlsRequest.EXTENSION_OID);
        Answers.of(response, () -> {
            if (client.isEncrypted()) {
                throw new Refusal(ResultCodeEnum.OPERATIONS_ERROR, "the connection is encrypted already");
            }
            if (Turns.isMore(connection)) { // what came in the clear must not be read as if it had been encrypted
                connection.closeOnFlush();
                throw new Refusal(ResultCodeEnum.OPERATIONS_ERROR, "nothing may follow StartTLS before its answer");
            }
            client.signedOut();
            SslFilter filter = encryption(tls);
            IoFilterChain chain = connection.getFilterChain();
            chain.addFirst("startTls", new StartTlsFilter()); // lets the answer pass in the clear
            chain.addFirst(Client.TLS, filter);
        });
        connection.write(response);
    }

    /** TLS 1.2 and 1.3 with the certificate that is shown now. */
    static SslFilter encryption(SSLContext tls) {
        SslFilter filter = new SslFilter(tls);
        filter.setEnabledProtocols("TLSv1.3", "TLSv1.2");
        return filter;
    }
}
