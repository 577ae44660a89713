"""Where Stripe posts its notices: check the signature on the raw bytes, keep the notice, answer."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments import actions
from payments.stripe_gateway import BadSignature, NoNotice

MAX_BYTES = 1_000_000


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """200 once the notice is kept, whatever it is about.

    400 for a signature that is not ours or a body that is no event, 413 beyond 1 MB.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        event = actions.receive_notice(
            body=request.body, signature=request.headers.get("Stripe-Signature", ""), at=timezone.now()
        )
    except BadSignature:
        return JsonResponse({"error": "signature not valid"}, status=400)
    except NoNotice:
        return JsonResponse({"error": "not an event"}, status=400)
    return JsonResponse({"received": event.event_id})
