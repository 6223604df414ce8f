// What the webmail is told of a request. CloudFront forwards its own CloudFront-Viewer-Address only together with a chosen few headers
// or with Host, which API Gateway refuses: so the address travels under a name of ours. What a client wrote there is overwritten, and
// gone where it was written with underscores: a web application cannot tell those from hyphens.
function handler(event) {
    var request = event.request;
    Object.keys(request.headers).forEach(function (name) {
        if (name.indexOf('_') !== -1) {
            delete request.headers[name];
        }
    });
    request.headers['x-forwarded-host'] = { value: request.headers.host.value };
    request.headers['x-viewer-address'] = { value: event.viewer.ip };
    return request;
}
