package tg.gouv.messagerie.directory.ldap;

import org.apache.directory.api.ldap.model.filter.EqualityNode;
import org.apache.directory.api.ldap.model.message.CompareRequest;
import org.apache.directory.api.ldap.model.message.CompareResponse;
import org.apache.directory.api.ldap.model.message.ResultCodeEnum;
import org.apache.directory.api.ldap.model.schema.AttributeType;
import org.apache.directory.server.ldap.LdapSession;
import org.apache.directory.server.ldap.handlers.LdapRequestHandler;

/** Compares a value (RFC 4511 section 4.10). */
final class CompareHandler extends LdapRequestHandler<CompareRequest> {
    private final Tree tree;

    CompareHandler(Tree tree) {
        this.tree = tree;
    }

    @Override
    public void handle(LdapSession session, CompareRequest request) {
        CompareResponse response = (CompareResponse) request.getResultResponse();
        boolean[] same = {false};
        Answers.of(response, () -> same[0] = compare(new Client(session.getIoSession()), request));
        if (response.getLdapResult().getResultCode() == ResultCodeEnum.SUCCESS) {
            response.getLdapResult()
                    .setResultCode(same[0] ? ResultCodeEnum.COMPARE_TRUE : ResultCodeEnum.COMPARE_FALSE);
        }
        session.getIoSession().write(response);
    }

    private boolean compare(Client client, CompareRequest request) throws Exception {
        Answers.demandKnown(request);
        Sight sight = client.demandWho().sight();
        AttributeType type = tree.base().schema().getAttributeType(request.getAttributeId());
        if (type == null) {
            throw new Refusal(ResultCodeEnum.UNDEFINED_ATTRIBUTE_TYPE, "this attribute is not known here");
        }
        Row row = tree.at(request.getName()).orElseThrow(() -> tree.noSuchEntry(request.getName()));
        if (!sight.isSearched(type.getName(), row)) {
            throw new Refusal(ResultCodeEnum.INSUFFICIENT_ACCESS_RIGHTS, "this attribute is not compared");
        }
        if (!type.getName().equalsIgnoreCase("objectClass")
                && row.values(type.getName()).isEmpty()) {
            throw new Refusal(ResultCodeEnum.NO_SUCH_ATTRIBUTE, "the entry has no such attribute");
        }
        return new FilterPlan(
                        new EqualityNode<>(type, request.getAssertionValue()),
                        tree.base().schema(),
                        tree.base(),
                        tree.indexed(),
                        sight)
                .accepts(row);
    }
}
